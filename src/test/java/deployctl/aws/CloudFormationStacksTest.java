package deployctl.aws;

import static deployctl.testing.ScriptedAws.error;
import static deployctl.testing.ScriptedAws.result;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.aws.client.AwsErrorKind;
import deployctl.aws.client.AwsFailure;
import deployctl.aws.client.AwsKeys;
import deployctl.aws.client.AwsSettings;
import deployctl.aws.cloudformation.CloudFormationStacks;
import deployctl.aws.cloudformation.Stack;
import deployctl.aws.cloudformation.StackEvent;
import deployctl.aws.cloudformation.StackResource;
import deployctl.aws.cloudformation.Stacks;
import deployctl.support.Failure;
import deployctl.testing.ScriptedAws;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway against scripted answers, through the SDK's real client. */
class CloudFormationStacksTest {
  private ScriptedAws aws;
  private static final AwsKeys KEYS = new AwsKeys("test", "test", null);

  @BeforeEach
  void start() {
    aws = ScriptedAws.stacks(Map.of("Idle", "UPDATE_COMPLETE"));
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private Stacks stacks() {
    return stacks(aws.url(), Duration.ofMillis(800), Duration.ofSeconds(30));
  }

  private static Stacks stacks(String url, Duration callTimeout, Duration deadline) {
    return new CloudFormationStacks(
        new AwsSettings("us-east-1", null, URI.create(url), KEYS, callTimeout, deadline));
  }

  private Stacks patient() {
    return stacks(aws.url(), Duration.ofSeconds(20), Duration.ofSeconds(60));
  }

  private static AwsFailure failureOf(Runnable call) {
    return assertThrows(AwsFailure.class, call::run);
  }

  private static String page(int number, String token) {
    return "<StackEvents><member><EventId>e"
        + number
        + "</EventId><StackId>a</StackId><StackName>Idle</StackName><Timestamp>2026-01-31T11:48:00Z</Timestamp>"
        + "<LogicalResourceId>R</LogicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member></StackEvents><NextToken>"
        + token
        + "</NextToken>";
  }

  /** H4: what was not read to the end is an error, and no short answer. */
  @Test
  void pagesThatNeverEndAreAnError() {
    AtomicInteger asked = new AtomicInteger();
    for (int round : new int[] {1, 2, Integer.MAX_VALUE}) {
      asked.set(0);
      aws.script(
          request -> {
            int number = asked.incrementAndGet();
            return result("DescribeStackEvents", page(number, "t" + number % round));
          });
      AwsFailure failure =
          failureOf(
              () -> {
                try (var pages = patient().eventPages("Idle")) {
                  pages.forEach(page -> {});
                }
              });
      assertTrue(failure.what().contains("do not come to an end"), failure.what());
      assertTrue(asked.get() < 510, asked + " pages");
    }
  }

  @Test
  void anAnswerOfAHundredMegabytesIsNotReadToTheEnd() {
    String large = "<StackName>" + "x".repeat(40 << 20) + "</StackName>";
    aws.script(request -> result("DescribeStacks", large));
    AwsFailure failure = failureOf(() -> patient().find("Idle"));
    assertTrue(failure.what().contains("over 32 MiB"), failure.what());
    assertEquals(1, aws.requests().size(), "once is enough");
  }

  @Test
  void findsAStack() {
    Stack stack = stacks().find("Idle").orElseThrow();
    assertEquals("UPDATE_COMPLETE", stack.status().name());
    assertEquals("2026-01-31T11:48:00Z", stack.operationStartedAt().toString());
    assertFalse(stack.terminationProtection());
  }

  @Test
  void takesOnlyAwssOwnWordForAMissingStack() {
    assertTrue(stacks().find("Missing").isEmpty());
    aws.script(request -> error(400, "ValidationError", "Template format error"));
    assertEquals(AwsErrorKind.REJECTED, failureOf(() -> stacks().find("Idle")).problem());
    aws.script(request -> ScriptedAws.xml(404, "<html>Not Found</html>"));
    assertEquals(AwsErrorKind.UNREACHABLE, failureOf(() -> stacks().find("Idle")).problem());
    aws.script(request -> ScriptedAws.xml(200, "<html>Welcome to the hotel's network</html>"));
    assertThrows(Failure.class, () -> stacks().find("Idle"));
  }

  @ParameterizedTest
  @CsvSource({
    "400,AccessDenied,ACCESS_DENIED",
    "403,AccessDeniedException,ACCESS_DENIED",
    "403,UnauthorizedOperation,ACCESS_DENIED",
    "403,ExpiredToken,EXPIRED_CREDENTIALS",
    "400,ExpiredTokenException,EXPIRED_CREDENTIALS",
    "400,RequestExpired,EXPIRED_CREDENTIALS",
    "403,InvalidClientTokenId,INVALID_CREDENTIALS",
    "403,SignatureDoesNotMatch,INVALID_CREDENTIALS",
    "400,UnrecognizedClientException,INVALID_CREDENTIALS",
    "403,OptInRequired,WRONG_REGION",
    "400,InsufficientCapabilitiesException,REJECTED",
  })
  void tellsErrorsApartAndDoesNotRepeatThem(int status, String code, AwsErrorKind expected) {
    aws.script(request -> error(status, code, "words of AWS"));
    AwsFailure failure = failureOf(() -> stacks().find("Idle"));
    assertEquals(expected, failure.problem());
    assertEquals(1, aws.requests().size());
    assertTrue(failure.what().contains("words of AWS"), failure.what());
    assertEquals(1, failure.what().lines().count());
    assertTrue(expected == AwsErrorKind.REJECTED || !failure.nextStep().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"400,Throttling", "503,RequestLimitExceeded"})
  void givesThrottlingAtLeastFiveAttempts(int status, String code) {
    aws.script(request -> error(status, code, "Rate exceeded"));
    assertEquals(AwsErrorKind.THROTTLED, failureOf(() -> stacks().find("Idle")).problem());
    assertTrue(aws.requests().size() >= 5, aws.requests().size() + " attempts");
  }

  @Test
  void answersRightWhenThrottlingPasses() {
    AtomicInteger calls = new AtomicInteger();
    aws.script(
        request ->
            calls.incrementAndGet() < 4
                ? error(400, "Throttling", "Rate exceeded")
                : ScriptedAws.describeStacks("Idle", "UPDATE_COMPLETE"));
    assertTrue(stacks().find("Idle").isPresent());
    assertEquals(4, calls.get());
  }

  @Test
  void givesUpOnThrottlingWhenTheDeadlineIsOver() {
    aws.script(request -> error(400, "Throttling", "Rate exceeded"));
    Stacks hurried = stacks(aws.url(), Duration.ofMillis(500), Duration.ofMillis(600));
    AwsErrorKind problem = failureOf(() -> hurried.find("Idle")).problem();
    assertTrue(
        problem == AwsErrorKind.TIMED_OUT || problem == AwsErrorKind.THROTTLED, problem.toString());
    assertTrue(aws.requests().size() < 5);
  }

  @Test
  void triesAgainWhenAwsHasAPassingFault() {
    AtomicInteger calls = new AtomicInteger();
    aws.script(
        request ->
            calls.incrementAndGet() < 3
                ? error(500, "InternalFailure", "oops")
                : ScriptedAws.describeStacks("Idle", "UPDATE_COMPLETE"));
    assertTrue(stacks().find("Idle").isPresent());
    aws.script(request -> error(503, "ServiceUnavailable", "down"));
    assertEquals(AwsErrorKind.SERVER_ERROR, failureOf(() -> stacks().find("Idle")).problem());
  }

  @Test
  void doesNotWaitTwiceForAnAnswerThatDoesNotCome() {
    aws.script(request -> aws.hang());
    assertEquals(AwsErrorKind.TIMED_OUT, failureOf(() -> stacks().find("Idle")).problem());
    assertEquals(1, aws.requests().size());
  }

  @Test
  void knowsARefusedAndADroppedConnection() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Stacks nobody =
        stacks("http://127.0.0.1:" + port, Duration.ofSeconds(1), Duration.ofSeconds(20));
    AwsFailure refused = failureOf(() -> nobody.find("Idle"));
    assertEquals(AwsErrorKind.UNREACHABLE, refused.problem());
    assertTrue(refused.what().contains("Connection refused"), refused.what());
    aws.script(request -> ScriptedAws.drop());
    assertEquals(AwsErrorKind.UNREACHABLE, failureOf(() -> stacks().find("Idle")).problem());
  }

  @Test
  void whatOtherServicesDoNotFindIsNoMissingStack() {
    aws.script(request -> error(404, "ResourceNotFoundException", "no such role"));
    assertEquals(AwsErrorKind.REJECTED, failureOf(() -> stacks().find("Idle")).problem());
  }

  @Test
  void doesNotPrintThePasswordOfAnAddress() {
    aws.script(request -> error(403, "AccessDenied", "no"));
    String address = aws.url().replace("http://", "http://user:hunter2@");
    AwsFailure failure =
        failureOf(
            () -> stacks(address, Duration.ofSeconds(1), Duration.ofSeconds(20)).find("Idle"));
    assertFalse((failure.what() + failure.nextStep()).contains("hunter2"), failure.what());
  }

  @Test
  void knowsARegionThatIsNone() {
    Stacks wrong =
        new CloudFormationStacks(
            new AwsSettings(
                "us-esat-1", null, null, KEYS, Duration.ofSeconds(3), Duration.ofSeconds(20)));
    AwsFailure failure = failureOf(() -> wrong.find("Idle"));
    // Without a name service the host cannot be told from one that is down; with one, the name is
    // the mistake.
    assertEquals(AwsErrorKind.WRONG_REGION, failure.problem(), failure.what());
    assertTrue(failure.what().contains("us-esat-1"), failure.what());
  }

  @Test
  void saysThatCredentialsAreMissing() {
    Stacks noKeys =
        new CloudFormationStacks(
            new AwsSettings(
                "us-east-1",
                "no-such-profile",
                URI.create(aws.url()),
                null,
                Duration.ofSeconds(3),
                Duration.ofSeconds(20)));
    AwsFailure failure = failureOf(() -> noKeys.find("Idle"));
    assertEquals(AwsErrorKind.NO_CREDENTIALS, failure.problem(), failure.what());
    assertTrue(failure.nextStep().contains("aws sso login"), failure.nextStep());
  }

  private static String event(int number) {
    return "<member><EventId>e"
        + number
        + "</EventId><StackId>arn:s</StackId><StackName>S</StackName>"
        + "<LogicalResourceId>R"
        + number
        + "</LogicalResourceId><PhysicalResourceId></PhysicalResourceId>"
        + "<ResourceType>AWS::SNS::Topic</ResourceType><Timestamp>2026-01-31T12:00:00.123Z</Timestamp>"
        + "<ResourceStatus>CREATE_FAILED</ResourceStatus><ResourceStatusReason>because &lt;it&gt;"
        + "</ResourceStatusReason></member>";
  }

  private static ScriptedAws.Answer events(int first, int last, String next) {
    StringBuilder members = new StringBuilder("<StackEvents>");
    for (int i = first; i <= last; i++) {
      members.append(event(i));
    }
    members.append("</StackEvents>");
    return result(
        "DescribeStackEvents",
        members + (next.isEmpty() ? "" : "<NextToken>" + next + "</NextToken>"));
  }

  @Test
  void readsEventsPageByPageAndOnlyAsFarAsAsked() {
    aws.script(
        request -> request.containsKey("NextToken") ? events(3, 4, "") : events(1, 2, "page-2"));
    assertEquals("e1", stacks().eventPages("S").findFirst().orElseThrow().get(0).eventId());
    assertEquals(1, aws.requests().size());
    List<StackEvent> all = stacks().eventPages("S").flatMap(List::stream).toList();
    assertEquals(List.of("e1", "e2", "e3", "e4"), all.stream().map(StackEvent::eventId).toList());
    assertEquals(3, aws.requests().size());
    assertEquals("because <it>", all.get(0).reason());
    assertEquals("CREATE_FAILED", all.get(0).status());
  }

  @Test
  void putsTheErrorOfALaterPageIntoWordsToo() {
    aws.script(
        request ->
            request.containsKey("NextToken")
                ? error(403, "ExpiredToken", "The security token has expired")
                : events(1, 2, "page-2"));
    assertEquals(
        AwsErrorKind.EXPIRED_CREDENTIALS,
        failureOf(() -> assertEquals(4, stacks().eventPages("S").count())).problem());
  }

  @Test
  void readsResourcesAndTheTemplate() {
    aws.script(
        request ->
            request.get("Action").equals("GetTemplate")
                ? result("GetTemplate", "<TemplateBody>{\"Resources\":{}}</TemplateBody>")
                : result(
                    "ListStackResources",
                    "<StackResourceSummaries><member><LogicalResourceId>Db</LogicalResourceId><ResourceType>"
                        + "AWS::RDS::DBInstance</ResourceType><ResourceStatus>CREATE_IN_PROGRESS</ResourceStatus>"
                        + "<LastUpdatedTimestamp>2026-01-31T12:00:00Z</LastUpdatedTimestamp></member>"
                        + "</StackResourceSummaries>"));
    StackResource resource = stacks().resources("S").get(0);
    assertEquals("Db", resource.logicalResourceId());
    assertEquals("CREATE_IN_PROGRESS", resource.status());
    assertEquals("{\"Resources\":{}}", stacks().template("S"));
  }

  @Test
  void sendsWhatChangesAStackWithItsParts() {
    aws.script(request -> result(request.get("Action"), ""));
    stacks().delete("S", List.of("Bucket", "Db"));
    stacks().cancelUpdate("S");
    stacks().continueRollback("S", List.of("Service"));
    assertEquals("Bucket", aws.requests().get(0).get("RetainResources.member.1"));
    assertEquals("Db", aws.requests().get(0).get("RetainResources.member.2"));
    assertEquals("CancelUpdateStack", aws.requests().get(1).get("Action"));
    assertEquals("Service", aws.requests().get(2).get("ResourcesToSkip.member.1"));
  }

  @Test
  void passesOnWhatAwsSaysOfATemplate() {
    aws.script(
        request ->
            result(
                "ValidateTemplate",
                "<Capabilities><member>CAPABILITY_IAM</member></Capabilities>"));
    assertEquals(List.of("CAPABILITY_IAM"), stacks().validate("{}"));
    aws.script(
        request -> error(400, "ValidationError", "Template format error: unsupported structure."));
    AwsFailure failure = failureOf(() -> stacks().validate("x"));
    assertEquals(AwsErrorKind.REJECTED, failure.problem());
    assertTrue(failure.what().contains("unsupported structure"), failure.what());
  }

  /** The JDK's parser would write "[Fatal Error]" to stderr, which is not its to write to. */
  @Test
  void bytesThatAreNoTextAreReplacedWithoutAWordOnStderr() {
    byte[] answer =
        ("<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents><member><EventId>e1"
                + "</EventId><StackId>s</StackId><StackName>S</StackName><Timestamp>2026-01-31T12:00:00Z"
                + "</Timestamp><LogicalResourceId>R</LogicalResourceId><ResourceType>T</ResourceType>"
                + "<ResourceStatus>CREATE_FAILED</ResourceStatus><ResourceStatusReason>a \u00e9 b"
                + "</ResourceStatusReason></member></StackEvents></DescribeStackEventsResult>"
                + "</DescribeStackEventsResponse>")
            .getBytes(StandardCharsets.ISO_8859_1);
    aws.script(
        request ->
            exchange -> {
              exchange.getResponseHeaders().set("Content-Type", "text/xml");
              exchange.sendResponseHeaders(200, answer.length);
              exchange.getResponseBody().write(answer);
              exchange.close();
            });
    PrintStream real = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertEquals(
          "a \ufffd b", stacks().eventPages("S").findFirst().orElseThrow().get(0).reason());
    } finally {
      System.setErr(real);
    }
    assertFalse(said.toString(StandardCharsets.UTF_8).contains("Fatal"));
  }

  /** XML forbids them, and one provider's words must not hide everybody's. */
  @Test
  void controlCharactersInAnAnswerAreTakenOut() {
    aws.script(
        request ->
            ScriptedAws.xml(
                200,
                "<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents><member><EventId>e1"
                    + "</EventId><StackId>s</StackId><StackName>S</StackName><Timestamp>2026-01-31T12:00:00Z"
                    + "</Timestamp><LogicalResourceId>R</LogicalResourceId><ResourceType>T</ResourceType>"
                    + "<ResourceStatus>CREATE_FAILED</ResourceStatus><ResourceStatusReason>a&#27;[31mb\u0007c"
                    + "&#x1f;d &amp; &#233;</ResourceStatusReason></member></StackEvents>"
                    + "</DescribeStackEventsResult></DescribeStackEventsResponse>"));
    assertEquals(
        "a[31mbcd & é", stacks().eventPages("S").findFirst().orElseThrow().get(0).reason());
  }
}
