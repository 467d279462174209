package deployctl.aws;

import deployctl.aws.client.AwsClients;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.AwsSettings;
import deployctl.aws.client.Gateway;
import java.util.List;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.TagFilter;

/** Resources by their tags, over all services. Every method throws {@link AwsFailure}. */
public final class TaggedResources extends Gateway<ResourceGroupsTaggingApiClient> {
  /** The tag that CloudFormation gives to what it makes. */
  public static final String STACK_TAG = "aws:cloudformation:stack-name";

  /** Make a gateway that reaches AWS as {@code settings} say. */
  public TaggedResources(AwsSettings settings) {
    super(
        "tag",
        settings,
        () -> AwsClients.build(ResourceGroupsTaggingApiClient.builder(), settings));
  }

  /** Return the ARNs of the resources that carry a stack's name. */
  public List<String> ofStack(String stack) {
    return call(
        "GetResources",
        "resources tagged with stack " + stack,
        client ->
            client
                .getResourcesPaginator(
                    r -> r.tagFilters(TagFilter.builder().key(STACK_TAG).values(stack).build()))
                .resourceTagMappingList()
                .stream()
                .map(mapping -> mapping.resourceARN() == null ? "" : mapping.resourceARN())
                .filter(arn -> !arn.isEmpty())
                .toList());
  }
}
