package deployctl.aws;

import deployctl.aws.client.AwsClients;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.AwsSettings;
import deployctl.aws.client.Gateway;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.ImageDetail;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.ImageNotFoundException;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;

/** The images in ECR. Every method throws {@link AwsFailure}. */
public final class Images extends Gateway<EcrClient> {
  /** Make a gateway that reaches AWS as {@code settings} say. */
  public Images(AwsSettings settings) {
    super("ecr", settings, () -> AwsClients.build(EcrClient.builder(), settings));
  }

  /** What ECR says of an image. */
  public enum Presence {
    /** It is there. */
    THERE,
    /** The repository is there and has no such tag or digest. */
    NO_SUCH_IMAGE,
    /** There is no such repository. */
    NO_SUCH_REPOSITORY
  }

  /** Look for an image. */
  public Presence find(ImageName image) {
    ImageIdentifier id =
        ImageIdentifier.builder().imageTag(image.tag()).imageDigest(image.digest()).build();
    return call(
        "DescribeImages",
        "image " + image.repository() + ":" + image.version(),
        client -> {
          try {
            boolean found =
                !client
                    .describeImages(
                        r ->
                            r.registryId(image.account())
                                .repositoryName(image.repository())
                                .imageIds(id))
                    .imageDetails()
                    .isEmpty();
            return found ? Presence.THERE : Presence.NO_SUCH_IMAGE;
          } catch (ImageNotFoundException e) {
            return Presence.NO_SUCH_IMAGE;
          } catch (RepositoryNotFoundException e) {
            return Presence.NO_SUCH_REPOSITORY;
          }
        });
  }

  /** Return the newest tags of a repository, newest first. */
  public List<String> newestTags(ImageName image, int most) {
    return call(
        "DescribeImages",
        "repository " + image.repository(),
        client ->
            client
                .describeImages(
                    r ->
                        r.registryId(image.account())
                            .repositoryName(image.repository())
                            .maxResults(1_000))
                .imageDetails()
                .stream()
                .sorted(Comparator.comparing(Images::pushedAt).reversed())
                .flatMap(detail -> detail.imageTags().stream())
                .limit(most)
                .toList());
  }

  private static Instant pushedAt(ImageDetail detail) {
    return detail.imagePushedAt() == null ? Instant.EPOCH : detail.imagePushedAt();
  }
}
