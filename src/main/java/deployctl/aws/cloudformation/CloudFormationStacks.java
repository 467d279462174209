package deployctl.aws.cloudformation;

import deployctl.aws.client.AwsClients;
import deployctl.aws.client.AwsErrorKind;
import deployctl.aws.client.AwsErrorMapper;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.AwsSettings;
import deployctl.aws.client.CallingIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.TemplateStage;

/** The stacks behind CloudFormation's API. The client is made at the first call. */
public final class CloudFormationStacks implements Stacks {
  private final AwsSettings settings;
  private @Nullable CloudFormationClient client;

  /** Make a gateway that reaches AWS as {@code settings} say. */
  public CloudFormationStacks(AwsSettings settings) {
    this.settings = settings;
  }

  @Override
  public Optional<Stack> find(String stack) {
    try {
      List<software.amazon.awssdk.services.cloudformation.model.Stack> found =
          call("DescribeStacks", stack, () -> client().describeStacks(r -> r.stackName(stack)))
              .stacks();
      if (found.isEmpty() || found.get(0).stackStatusAsString() == null) {
        // AWS names the stack or says that it does not exist. An empty answer is some other
        // server's, whose page the
        // SDK reads as an answer without content; taking it for "no stack" would let two
        // deployments start.
        throw AwsErrorMapper.notAnAnswer(
            "cloudformation:DescribeStacks for stack " + stack,
            settings,
            new IllegalStateException("an answer without a stack"));
      }
      return Optional.of(stack(found.get(0)));
    } catch (AwsFailure e) {
      if (e.problem() == AwsErrorKind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public Stream<List<StackEvent>> eventPages(String stack) {
    return call(
        "DescribeStackEvents",
        stack,
        () -> {
          var pages = client().describeStackEventsPaginator(r -> r.stackName(stack)).iterator();
          return StreamSupport.stream(
                  java.util.Spliterators.spliteratorUnknownSize(
                      new CallingIterator<>(pages, caller("DescribeStackEvents", stack)),
                      java.util.Spliterator.ORDERED),
                  false)
              .map(page -> page.stackEvents().stream().map(CloudFormationStacks::event).toList());
        });
  }

  @Override
  public List<String> changes(String stack, String changeSet) {
    return call(
        "DescribeChangeSet",
        stack,
        () -> {
          List<String> changed = new ArrayList<>();
          client()
              .describeChangeSetPaginator(r -> r.stackName(stack).changeSetName(changeSet))
              .changes()
              .forEach(
                  change -> {
                    if (change.resourceChange() != null) {
                      changed.add(change.resourceChange().logicalResourceId());
                    }
                  });
          return changed;
        });
  }

  @Override
  public List<StackResource> resources(String stack) {
    return call(
        "ListStackResources",
        stack,
        () ->
            client()
                .listStackResourcesPaginator(r -> r.stackName(stack))
                .stackResourceSummaries()
                .stream()
                .map(
                    r ->
                        new StackResource(
                            r.logicalResourceId(),
                            r.physicalResourceId(),
                            r.resourceType(),
                            r.resourceStatusAsString(),
                            r.resourceStatusReason(),
                            r.lastUpdatedTimestamp()))
                .toList());
  }

  @Override
  public String template(String stack) {
    String body =
        call(
            "GetTemplate",
            stack,
            () ->
                client()
                    .getTemplate(r -> r.stackName(stack).templateStage(TemplateStage.ORIGINAL))
                    .templateBody());
    if (body == null) {
      throw AwsErrorMapper.notAnAnswer(
          "cloudformation:GetTemplate for stack " + stack,
          settings,
          new IllegalStateException("an answer without a template"));
    }
    return body;
  }

  @Override
  public void delete(String stack, List<String> retain) {
    call(
        "DeleteStack",
        stack,
        () -> client().deleteStack(r -> r.stackName(stack).retainResources(retain)));
  }

  @Override
  public void protect(String stack, boolean on) {
    call(
        "UpdateTerminationProtection",
        stack,
        () ->
            client()
                .updateTerminationProtection(
                    r -> r.stackName(stack).enableTerminationProtection(on)));
  }

  @Override
  public void cancelUpdate(String stack) {
    call("CancelUpdateStack", stack, () -> client().cancelUpdateStack(r -> r.stackName(stack)));
  }

  @Override
  public void continueRollback(String stack, List<String> skip) {
    call(
        "ContinueUpdateRollback",
        stack,
        () -> client().continueUpdateRollback(r -> r.stackName(stack).resourcesToSkip(skip)));
  }

  @Override
  public List<String> validate(String templateBody) {
    return call(
        "ValidateTemplate",
        "the template",
        () -> client().validateTemplate(r -> r.templateBody(templateBody)).capabilitiesAsStrings());
  }

  private <T> T call(String operation, String subject, Supplier<T> call) {
    String what = subject.startsWith("the ") ? subject : "stack " + subject;
    return AwsErrorMapper.call("cloudformation:" + operation, what, settings, call);
  }

  private CallingIterator.Caller caller(String operation, String subject) {
    return new CallingIterator.Caller() {
      @Override
      public <R> R call(Supplier<R> call) {
        return CloudFormationStacks.this.call(operation, subject, call);
      }
    };
  }

  private synchronized CloudFormationClient client() {
    CloudFormationClient made = client;
    if (made == null) {
      made = AwsClients.build(CloudFormationClient.builder(), settings);
      client = made;
    }
    return made;
  }

  private static Stack stack(software.amazon.awssdk.services.cloudformation.model.Stack stack) {
    return new Stack(
        stack.stackName(),
        stack.stackId(),
        new StackStatus(stack.stackStatusAsString()),
        said(stack.stackStatusReason()),
        stack.creationTime(),
        stack.lastUpdatedTime(),
        stack.deletionTime(),
        Boolean.TRUE.equals(stack.enableTerminationProtection()),
        stack.changeSetId());
  }

  /** An empty reason is none. */
  private static @Nullable String said(@Nullable String reason) {
    return reason == null || reason.isBlank() ? null : reason;
  }

  private static StackEvent event(
      software.amazon.awssdk.services.cloudformation.model.StackEvent event) {
    return new StackEvent(
        event.eventId(),
        event.stackId(),
        event.stackName(),
        event.timestamp(),
        event.logicalResourceId(),
        event.physicalResourceId(),
        event.resourceType(),
        event.resourceStatusAsString(),
        event.detailedStatusAsString(),
        event.resourceStatusReason(),
        event.clientRequestToken());
  }
}
