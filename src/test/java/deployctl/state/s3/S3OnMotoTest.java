package deployctl.state.s3;

import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.state.MemoryStateStore;
import deployctl.state.StateStore;
import deployctl.state.StateStoreContract;
import deployctl.support.time.SystemTime;
import deployctl.testing.MotoServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** The contract of the state on somebody else's S3. */
class S3OnMotoTest extends StateStoreContract {
  private static final String BUCKET = "state";

  private static MotoServer moto;
  private static S3Connection connection;

  private final StateStore store =
      new S3StateStore(
          connection,
          new S3Location(BUCKET, UUID.randomUUID() + "/"),
          new MemoryStateStore(),
          new SystemTime(),
          new SplittableRandom(1));

  @BeforeAll
  static void start() throws Exception {
    moto = MotoServer.start();
    connection =
        new S3Connection(
            UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(10)).build(),
            () -> AwsBasicCredentials.create("AKIDTEST", "secret"),
            "us-east-1",
            URI.create(moto.url()),
            null);
    makeBucket();
  }

  /**
   * A bucket is made as an object is written, but for its name; the answer has no object's ETag.
   */
  private static void makeBucket() {
    ServiceClock.MachineClocks clocks = MachineTime.of(new SystemTime());
    try {
      new S3Client(connection, BUCKET, new ServiceClock(clocks), clocks).put("", new byte[0]);
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("HTTP 200"), e.toString());
    }
  }

  @AfterAll
  static void stop() {
    if (moto != null) {
      moto.close();
    }
  }

  @Override
  protected StateStore store() {
    return store;
  }
}
