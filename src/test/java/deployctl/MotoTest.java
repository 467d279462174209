package deployctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.testing.CliRun;
import deployctl.testing.InProcess;
import deployctl.testing.MotoServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every coordinator command against an emulated AWS that others wrote. */
class MotoTest {
  private static MotoServer moto;
  private static String url;
  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    moto = MotoServer.start();
    url = moto.url();
    createStack("CourtCaseManagementStack");
  }

  @AfterAll
  static void stop() {
    if (moto != null) {
      moto.close();
    }
  }

  private static void createStack(String name) throws Exception {
    String template =
        "%7B%22Resources%22%3A%7B%22T%22%3A%7B%22Type%22%3A%22AWS%3A%3ASNS%3A%3ATopic%22%7D%7D%7D";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=test/20260131/us-east-1/cloudformation/aws4_request, SignedHeaders=host,"
                    + " Signature=0")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "Action=CreateStack&Version=2010-05-15&StackName="
                        + name
                        + "&TemplateBody="
                        + template))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
  }

  private InProcess cli() {
    InProcess cli = new InProcess(folder).realTime();
    cli.env.put("AWS_ENDPOINT_URL", url);
    return cli;
  }

  private void run(int expected, String... args) {
    CliRun run = cli().run(args);
    assertEquals(expected, run.exit(), () -> String.join(" ", args) + "\n" + run);
  }

  @Test
  void aDeploymentIsSeenQueuedBehindReleasedAndCleanedUp() throws Exception {
    run(0, "coordinator", "init");
    run(0, "coordinator", "can-deploy", "production");
    run(0, "coordinator", "can-deploy", "staging");
    run(0, "coordinator", "register", "first", "1", "production");
    run(2, "coordinator", "can-deploy", "production");
    run(0, "coordinator", "get-active", "production");
    CompletableFuture<CliRun> second =
        CompletableFuture.supplyAsync(
            () ->
                cli()
                    .run(
                        "coordinator",
                        "acquire",
                        "production",
                        "--correlation-id",
                        "second",
                        "--wait",
                        "60s"));
    CompletableFuture<CliRun> waiting =
        CompletableFuture.supplyAsync(() -> cli().run("coordinator", "wait", "staging", "1"));
    awaitQueued("second");
    run(2, "coordinator", "register", "third", "3", "production");
    run(0, "coordinator", "release", "first");
    assertEquals(0, second.get(60, TimeUnit.SECONDS).exit());
    assertEquals(0, waiting.get(60, TimeUnit.SECONDS).exit());
    run(0, "coordinator", "list", "--all", "-o", "json");
    run(0, "coordinator", "repair");
    run(0, "coordinator", "prune");
    run(0, "coordinator", "cleanup", "second");
    run(1, "coordinator", "get-active");
    run(0, "coordinator", "can-deploy", "production");
  }

  private void awaitQueued(String id) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.readString(folder.resolve("registry/deployments.json"))
        .contains("{\"correlation_id\":\"" + id + "\"")) {
      assertTrue(System.nanoTime() < end, "never queued");
      TimeUnit.MILLISECONDS.sleep(50);
    }
    List<String> queue = cli().run("coordinator", "queue", "-o", "json").out().lines().toList();
    assertTrue(queue.get(0).contains(id), queue.toString());
  }

  @Test
  void gatewayAnswersComeFromARealServerToo() {
    CliRun run = cli().run("coordinator", "can-deploy", "production", "-o", "json");
    assertEquals("CREATE_COMPLETE", run.json().string("stack_status"));
  }
}
