package deployctl.slack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.support.Failure;
import deployctl.testing.ScriptedSlack;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway with Slack's SDK in it, against a server that fails in every way. */
class SlackWebApiTest {
  private static final String TOKEN = "xoxb-secret-token";
  private static final SlackPost POST = new SlackPost("C1", null, false, "text", null, "msg_1");

  private final ScriptedSlack server = new ScriptedSlack();

  @AfterEach
  void stop() {
    server.close();
  }

  private Slack slack() {
    return slack(server.url(), Duration.ofSeconds(5));
  }

  private static Slack slack(String url, Duration timeout) {
    return new SlackWebApi(() -> new SlackSettings(URI.create(url), TOKEN, timeout));
  }

  private SlackFailure failure(ScriptedSlack.Reply reply) {
    server.script(call -> reply);
    SlackFailure failure = assertThrows(SlackFailure.class, () -> slack().post(POST));
    assertFalse(failure.toString().contains(TOKEN), failure.toString());
    assertEquals(1, server.calls().size(), "one request, whatever came of it");
    return failure;
  }

  /**
   * Q6: the class of each code, by what an operator has to do; written down apart from the code.
   */
  @ParameterizedTest
  @CsvSource({
    "ratelimited,HOLD_CHANNEL",
    "rate_limited,HOLD_CHANNEL",
    "message_limit_exceeded,HOLD_CHANNEL",
    "request_timeout,RETRY",
    "team_added_to_org,RETRY",
    "internal_error,AMBIGUOUS",
    "fatal_error,AMBIGUOUS",
    "service_unavailable,AMBIGUOUS",
    "msg_too_long,DEAD_MESSAGE",
    "msg_blocks_too_long,DEAD_MESSAGE",
    "invalid_blocks,DEAD_MESSAGE",
    "invalid_blocks_format,DEAD_MESSAGE",
    "no_text,DEAD_MESSAGE",
    "invalid_arguments,DEAD_MESSAGE",
    "invalid_arg_name,DEAD_MESSAGE",
    "invalid_array_arg,DEAD_MESSAGE",
    "invalid_charset,DEAD_MESSAGE",
    "invalid_form_data,DEAD_MESSAGE",
    "invalid_post_type,DEAD_MESSAGE",
    "missing_post_type,DEAD_MESSAGE",
    "too_many_attachments,DEAD_MESSAGE",
    "invalid_metadata_format,DEAD_MESSAGE",
    "invalid_metadata_schema,DEAD_MESSAGE",
    "metadata_too_large,DEAD_MESSAGE",
    "message_not_found,STALE_TARGET",
    "cant_update_message,STALE_TARGET",
    "edit_window_closed,STALE_TARGET",
    "thread_not_found,STALE_TARGET",
    "channel_not_found,UNUSABLE_CHANNEL",
    "not_in_channel,UNUSABLE_CHANNEL",
    "is_archived,UNUSABLE_CHANNEL",
    "restricted_action,UNUSABLE_CHANNEL",
    "restricted_action_read_only_channel,UNUSABLE_CHANNEL",
    "restricted_action_thread_only_channel,UNUSABLE_CHANNEL",
    "channel_type_not_supported,UNUSABLE_CHANNEL",
    "messages_tab_disabled,UNUSABLE_CHANNEL",
    "invalid_auth,STOP",
    "not_authed,STOP",
    "token_revoked,STOP",
    "token_expired,STOP",
    "account_inactive,STOP",
    "missing_scope,STOP",
    "not_allowed_token_type,STOP",
    "no_permission,STOP",
    "access_denied,STOP",
    "accesslimited,STOP",
    "ekm_access_denied,STOP",
    "org_login_required,STOP",
    "two_factor_setup_required,STOP",
    "enterprise_is_restricted,STOP",
    "method_deprecated,STOP",
    "deprecated_endpoint,STOP",
    "some_code_of_tomorrow,RETRY"
  })
  void eachErrorCodeIsInItsClass(String code, SlackProblem problem) {
    SlackFailure failure = failure(ScriptedSlack.error(code));
    assertEquals(problem, failure.problem());
    assertEquals(code, failure.code());
    assertTrue(failure.what().contains(code), failure.what());
  }

  @Test
  void noCodeIsInTwoClassesByAccident() {
    Set<String> odd =
        SlackErrorCodes.all().keySet().stream()
            .filter(code -> !code.matches("[a-z_]+"))
            .collect(Collectors.toSet());
    assertEquals(Set.of(), odd);
    assertTrue(SlackErrorCodes.all().size() > 60);
  }

  @Test
  void slowingDownCarriesHowLong() {
    SlackFailure failure = failure(ScriptedSlack.rateLimited("120"));
    assertEquals(SlackProblem.HOLD_CHANNEL, failure.problem());
    assertEquals(Duration.ofMinutes(2), failure.retryAfter());
  }

  @ParameterizedTest
  @CsvSource({"soon", "-5", "''", "99999999999999"})
  void slowingDownWithoutATimeThatCanBeReadCarriesNone(String header) {
    SlackFailure failure = failure(ScriptedSlack.rateLimited(header));
    assertEquals(SlackProblem.HOLD_CHANNEL, failure.problem());
    assertNull(failure.retryAfter());
  }

  @ParameterizedTest
  @CsvSource({"500", "502", "503", "504"})
  void aFaultAtSlackIsAmbiguous(int status) {
    assertEquals(SlackProblem.AMBIGUOUS, failure(ScriptedSlack.status(status, "<html>")).problem());
  }

  @Test
  void anInvitationToRepeatAtOnceIsNotTakenBehindOurBack() {
    SlackFailure failure =
        failure(
            (exchange, accept) -> {
              exchange.getResponseHeaders().set("Retry-After", "0");
              exchange.sendResponseHeaders(503, -1);
            });
    assertEquals(SlackProblem.AMBIGUOUS, failure.problem());
  }

  @Test
  void aPageThatIsNotSlacksIsNeverTakenForPosted() {
    assertEquals(
        SlackProblem.AMBIGUOUS,
        failure(ScriptedSlack.status(200, "<html>Welcome to the hotel</html>")).problem());
    server.forget();
    assertEquals(
        SlackProblem.AMBIGUOUS, failure(ScriptedSlack.status(200, "{\"hello\":1}")).problem());
    server.forget();
    assertEquals(
        SlackProblem.UNREACHABLE, failure(ScriptedSlack.status(404, "<html>Log in")).problem());
    server.forget();
    assertEquals(
        SlackProblem.UNREACHABLE, failure(ScriptedSlack.status(302, "elsewhere")).problem());
  }

  @Test
  void anAnswerThatDoesNotEndIsNoAnswer() {
    byte[] part = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
    assertEquals(
        SlackProblem.NO_ANSWER,
        failure(
                (exchange, accept) -> {
                  exchange.sendResponseHeaders(200, 0);
                  try (OutputStream out = exchange.getResponseBody()) {
                    for (int i = 0; i < 100; i++) {
                      out.write(part);
                    }
                  }
                })
            .problem());
  }

  @Test
  void aConnectionThatDropsAfterSendingMayHavePosted() {
    assertEquals(SlackProblem.NO_ANSWER, failure(ScriptedSlack.dropped()).problem());
  }

  /** A connection of the pool that the server closed meanwhile: the SDK alone would send twice. */
  @Test
  void aPooledConnectionThatDropsIsNotSentOnTwice() throws Exception {
    Slack slack = slack();
    slack.post(POST);
    server.script(call -> ScriptedSlack.acceptedAndDropped());
    assertThrows(SlackFailure.class, () -> slack.post(POST));
    assertEquals(2, server.messages().size());
    assertEquals(2, server.calls().size());
  }

  @Test
  void nobodyListeningIsUnreachable() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    String url = "http://127.0.0.1:" + port + "/api/";
    SlackFailure failure =
        assertThrows(SlackFailure.class, () -> slack(url, Duration.ofSeconds(5)).post(POST));
    assertEquals(SlackProblem.UNREACHABLE, failure.problem());
    SlackFailure unresolved =
        assertThrows(
            SlackFailure.class,
            () -> slack("http://slack.invalid/api/", Duration.ofSeconds(5)).post(POST));
    assertEquals(SlackProblem.UNREACHABLE, unresolved.problem());
  }

  @Test
  void aServerThatDoesNotSpeakTlsIsUnreachable() {
    String url = server.url().replace("http:", "https:");
    SlackFailure failure =
        assertThrows(SlackFailure.class, () -> slack(url, Duration.ofSeconds(5)).post(POST));
    assertEquals(SlackProblem.UNREACHABLE, failure.problem());
  }

  @Test
  void silenceEndsWithTheTimeOut() {
    server.script(call -> server.hanging());
    SlackFailure failure =
        assertThrows(
            SlackFailure.class, () -> slack(server.url(), Duration.ofMillis(300)).post(POST));
    assertEquals(SlackProblem.NO_ANSWER, failure.problem());
  }

  @Test
  void aPostIsOneRequestWithTheTokenInItsHeader() throws Exception {
    Posted posted =
        slack()
            .post(new SlackPost("C1", "1.2", true, "a & b", "[{\"type\":\"divider\"}]", "msg_1"));
    assertEquals("C1", posted.channelId());
    assertEquals(1, server.calls().size());
    ScriptedSlack.Call call = server.calls().get(0);
    assertEquals("chat.postMessage", call.method());
    assertEquals("Bearer " + TOKEN, call.authorization());
    assertFalse(call.form().containsValue(TOKEN));
    assertEquals("1.2", call.form().get("thread_ts"));
    assertEquals("a & b", call.text());
    assertEquals("[{\"type\":\"divider\"}]", call.form().get("blocks"));
    assertTrue(call.form().get("metadata").contains("\"message_id\":\"msg_1\""));
  }

  @Test
  void aMessageIsFoundAgainByItsMetadata() throws Exception {
    Slack slack = slack();
    Posted root = slack.post(POST);
    Posted answer = slack.post(new SlackPost("C1", root.timestamp(), false, "text", null, "msg_2"));
    assertEquals(Optional.of(root), slack.find(POST, Instant.EPOCH, () -> true));
    assertEquals(
        Optional.of(answer),
        slack.find(
            new SlackPost("C1", root.timestamp(), false, "", null, "msg_2"),
            Instant.EPOCH,
            () -> true));
    assertEquals(
        Optional.empty(),
        slack.find(new SlackPost("C1", null, false, "", null, "msg_3"), Instant.EPOCH, () -> true));
  }

  @Test
  void aMessageIsLookedForOnEveryPage() throws Exception {
    server.script(
        call ->
            ScriptedSlack.status(
                200,
                call.form().containsKey("cursor")
                    ? "{\"ok\":true,\"messages\":[{\"ts\":\"7.7\",\"metadata\":{\"event_payload\":"
                        + "{\"message_id\":\"msg_1\"}}}]}"
                    : "{\"ok\":true,\"messages\":[{\"ts\":\"8.8\"}],\"response_metadata\":"
                        + "{\"next_cursor\":\"more\"}}"));
    assertEquals(
        Optional.of(new Posted("C1", "7.7")), slack().find(POST, Instant.EPOCH, () -> true));
  }

  @Test
  void aTokenThatCannotBeAskedForIsNoReasonToLoseAMessage() {
    SlackFailure passing = withoutToken(Failure.FailureKind.UNKNOWN);
    assertEquals(SlackProblem.UNREACHABLE, passing.problem());
    SlackFailure lasting = withoutToken(Failure.FailureKind.FAILED);
    assertEquals(SlackProblem.STOP, lasting.problem());
  }

  private static SlackFailure withoutToken(Failure.FailureKind kind) {
    Slack slack =
        new SlackWebApi(
            () -> {
              throw new Failure(kind, "no token", "set one");
            });
    return assertThrows(SlackFailure.class, () -> slack.post(POST));
  }

  @Test
  void aTokenWithALineEndIsSaidToBeWrongAndNotShown() {
    Slack slack =
        new SlackWebApi(
            () ->
                new SlackSettings(
                    URI.create(server.url()), "xoxb-\nsecret", Duration.ofSeconds(5)));
    SlackFailure failure = assertThrows(SlackFailure.class, () -> slack.post(POST));
    assertEquals(SlackProblem.STOP, failure.problem());
    assertFalse(failure.what().contains("secret"));
  }
}
