package deployctl.slack;

import com.slack.api.methods.Methods;
import com.slack.api.methods.RequestFormBuilder;
import com.slack.api.methods.request.auth.AuthTestRequest;
import com.slack.api.methods.request.chat.ChatPostMessageRequest;
import com.slack.api.methods.request.chat.ChatUpdateRequest;
import com.slack.api.methods.request.conversations.ConversationsHistoryRequest;
import com.slack.api.methods.request.conversations.ConversationsInfoRequest;
import com.slack.api.methods.request.conversations.ConversationsListRequest;
import com.slack.api.methods.request.conversations.ConversationsRepliesRequest;
import deployctl.support.Failure;
import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import okhttp3.FormBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Slack's Web API through its SDK's requests. The client is made, and the token asked for, at the
 * first call.
 *
 * <p>Answers are read with our own parser: the SDK's maps every message of a history onto classes
 * by reflection, which takes longer than a short command, and fails on a block it does not know.
 */
public final class SlackWebApi implements Slack {
  /** The header in which Slack names what a token may do. */
  static final String SCOPES = "x-oauth-scopes";

  private static final String EVENT_TYPE = "deployctl_notification";
  private static final String ID_FIELD = "message_id";
  private static final int PAGE = 200;
  private static final int CHANNEL_PAGE = 1_000;
  private static final int MOST_PAGES = 5;

  /** Slack's clock and ours may differ by so much. */
  private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(2);

  private final Supplier<SlackSettings> settings;
  private @Nullable SlackHttp http;

  /** Make a gateway; {@code settings} are asked for once, at the first call. */
  public SlackWebApi(Supplier<SlackSettings> settings) {
    this.settings = settings;
  }

  @Override
  public Posted post(SlackPost post) throws SlackFailure {
    ChatPostMessageRequest request =
        ChatPostMessageRequest.builder()
            .channel(post.channel())
            .threadTs(post.thread())
            .replyBroadcast(post.thread() != null && post.broadcast())
            .text(post.text())
            .blocksAsString(post.blocks())
            .metadataAsString(metadata(post))
            .unfurlLinks(false)
            .unfurlMedia(false)
            .build();
    JsonObject answer = call(Methods.CHAT_POST_MESSAGE, RequestFormBuilder.toForm(request));
    return posted(answer, post.channel());
  }

  @Override
  public Posted update(Posted message, SlackPost post) throws SlackFailure {
    ChatUpdateRequest request =
        ChatUpdateRequest.builder()
            .channel(message.channelId())
            .ts(message.timestamp())
            .text(post.text())
            .blocksAsString(post.blocks())
            .metadataAsString(metadata(post))
            .build();
    call(Methods.CHAT_UPDATE, RequestFormBuilder.toForm(request));
    return message;
  }

  @Override
  public Optional<Posted> find(SlackPost named, Instant since, BooleanSupplier goOn)
      throws SlackFailure {
    SlackPost where = named.channel().startsWith("#") ? byId(named) : named;
    String oldest = (since.getEpochSecond() - CLOCK_DIFFERENCE.toSeconds()) + ".000000";
    String cursor = null;
    for (int page = 0; page < MOST_PAGES && (page == 0 || goOn.getAsBoolean()); page++) {
      JsonObject answer = page(where, oldest, cursor);
      List<?> messages = answer.list("messages");
      if (messages == null) {
        throw notSlack("an answer without messages");
      }
      for (Object message : messages) {
        if (message instanceof JsonObject object && isOf(object, where.messageId())) {
          return Optional.of(posted(object, where.channel()));
        }
      }
      cursor = nextCursor(answer);
      if (cursor == null) {
        return Optional.empty();
      }
    }
    // Not seen in a thousand messages is not the same as not there.
    throw new SlackFailure(
        SlackProblem.RETRY, "history_too_long", "Slack's history is too long to search", null);
  }

  /** The history wants an id where a message takes a name, too. */
  private SlackPost byId(SlackPost named) throws SlackFailure {
    return new SlackPost(
        String.valueOf(named(named.channel().substring(1)).string("id")),
        named.thread(),
        named.broadcast(),
        named.text(),
        named.blocks(),
        named.messageId());
  }

  private JsonObject named(String name) throws SlackFailure {
    String cursor = null;
    for (int page = 0; page < MOST_PAGES; page++) {
      JsonObject answer =
          call(
              Methods.CONVERSATIONS_LIST,
              RequestFormBuilder.toForm(
                  ConversationsListRequest.builder()
                      .excludeArchived(true)
                      .limit(CHANNEL_PAGE)
                      .cursor(cursor)
                      .build()));
      List<?> channels = answer.list("channels");
      for (Object channel : channels == null ? List.of() : channels) {
        if (channel instanceof JsonObject object && name.equals(object.string("name"))) {
          return object;
        }
      }
      cursor = nextCursor(answer);
      if (cursor == null) {
        throw new SlackFailure(
            SlackProblem.UNUSABLE_CHANNEL,
            "channel_not_found",
            "There is no channel #" + name + " that the bot can see",
            null);
      }
    }
    throw new SlackFailure(
        SlackProblem.RETRY,
        "too_many_channels",
        "Slack has too many channels to search them for #" + name + ": give the channel's id",
        null);
  }

  private static @Nullable String nextCursor(JsonObject answer) {
    JsonObject more = answer.object("response_metadata");
    String cursor = more == null ? null : more.string("next_cursor");
    return cursor == null || cursor.isEmpty() ? null : cursor;
  }

  private JsonObject page(SlackPost where, String oldest, @Nullable String cursor)
      throws SlackFailure {
    if (where.thread() == null) {
      return call(
          Methods.CONVERSATIONS_HISTORY,
          RequestFormBuilder.toForm(
              ConversationsHistoryRequest.builder()
                  .channel(where.channel())
                  .oldest(oldest)
                  .includeAllMetadata(true)
                  .limit(PAGE)
                  .cursor(cursor)
                  .build()));
    }
    return call(
        Methods.CONVERSATIONS_REPLIES,
        RequestFormBuilder.toForm(
            ConversationsRepliesRequest.builder()
                .channel(where.channel())
                .ts(where.thread())
                .oldest(oldest)
                .includeAllMetadata(true)
                .limit(PAGE)
                .cursor(cursor)
                .build()));
  }

  private static boolean isOf(JsonObject message, String messageId) {
    JsonObject metadata = message.object("metadata");
    JsonObject payload = metadata == null ? null : metadata.object("event_payload");
    return payload != null && messageId.equals(payload.string(ID_FIELD));
  }

  private static String metadata(SlackPost post) {
    return new JsonObject()
        .put("event_type", EVENT_TYPE)
        .put("event_payload", new JsonObject().put(ID_FIELD, post.messageId()))
        .toString();
  }

  private static Posted posted(JsonObject answer, String channel) {
    String id = answer.string("channel");
    String timestamp = answer.string("ts");
    return new Posted(id == null ? channel : id, timestamp == null ? "" : timestamp);
  }

  @Override
  public void check() throws SlackFailure {
    http();
  }

  @Override
  public SlackIdentity identity() throws SlackFailure {
    AtomicReference<@Nullable String> named = new AtomicReference<>();
    JsonObject answer =
        call(
            Methods.AUTH_TEST,
            RequestFormBuilder.toForm(AuthTestRequest.builder().build()),
            response -> named.set(response.header(SCOPES)));
    String scopes = named.get();
    return new SlackIdentity(
        String.valueOf(answer.string("user")),
        String.valueOf(answer.string("team")),
        scopes == null ? null : Set.of(scopes.trim().split("\\s*,\\s*")));
  }

  @Override
  public SlackChannel channel(String channel) throws SlackFailure {
    JsonObject found = channel.startsWith("#") ? named(channel.substring(1)) : identified(channel);
    return new SlackChannel(
        String.valueOf(found.string("id")),
        String.valueOf(found.string("name")),
        !Boolean.FALSE.equals(found.get("is_member")),
        Boolean.TRUE.equals(found.get("is_archived")));
  }

  private JsonObject identified(String id) throws SlackFailure {
    JsonObject answer =
        call(
            Methods.CONVERSATIONS_INFO,
            RequestFormBuilder.toForm(ConversationsInfoRequest.builder().channel(id).build()));
    JsonObject channel = answer.object("channel");
    if (channel == null) {
      throw notSlack("an answer without a channel");
    }
    return channel;
  }

  private JsonObject call(String method, FormBody.Builder form) throws SlackFailure {
    return call(method, form, response -> {});
  }

  private JsonObject call(String method, FormBody.Builder form, Consumer<Response> inspect)
      throws SlackFailure {
    try (Response response = http().send(method, form)) {
      inspect.accept(response);
      return answer(method, response);
    } catch (SlackHttp.NotSent e) {
      throw unreachable(e.getCause() == null ? e : e.getCause());
    } catch (IOException e) {
      throw new SlackFailure(
          SlackProblem.NO_ANSWER,
          "no_answer",
          "Slack did not answer " + method + " (" + reason(e) + ")",
          null);
    } catch (IllegalArgumentException e) {
      // The SDK hides the header's value, and so does this.
      throw new SlackFailure(
          SlackProblem.STOP,
          "invalid_token_format",
          "The Slack token has characters that no token has",
          null);
    }
  }

  private JsonObject answer(String method, Response response) throws SlackFailure, IOException {
    int status = response.code();
    if (status == 429) {
      throw new SlackFailure(
          SlackProblem.HOLD_CHANNEL,
          "ratelimited",
          "Slack asks to slow down (" + method + ")",
          SlackHttp.retryAfter(response));
    }
    if (status == 413) {
      throw new SlackFailure(
          SlackProblem.DEAD_MESSAGE, "http_413", "The message is too large for Slack", null);
    }
    if (status >= 500) {
      throw new SlackFailure(
          SlackProblem.AMBIGUOUS,
          "http_" + status,
          "Slack has a fault (" + method + ", HTTP status " + status + ")",
          null);
    }
    JsonObject answer = parse(SlackHttp.content(response));
    if (answer == null || !answer.has("ok")) {
      if (status == 200) {
        throw notSlack(method);
      }
      throw new SlackFailure(
          SlackProblem.UNREACHABLE,
          "http_" + status,
          "Something answered that is not Slack (" + method + ", HTTP status " + status + ")",
          null);
    }
    if (Boolean.TRUE.equals(answer.get("ok"))) {
      return answer;
    }
    String code = answer.string("error");
    throw refused(method, code == null ? "unknown_error" : code, answer, response);
  }

  private static SlackFailure refused(
      String method, String code, JsonObject answer, Response response) {
    String needed = answer.string("needed");
    return new SlackFailure(
        SlackErrorCodes.problem(code),
        code,
        "Slack refused "
            + method
            + ": "
            + code
            + (needed == null || needed.isEmpty() ? "" : " (needs the scope " + needed + ")"),
        SlackHttp.retryAfter(response));
  }

  private static @Nullable JsonObject parse(byte[] body) {
    try {
      return Json.parseObject(body);
    } catch (JsonException e) {
      return null;
    }
  }

  /** A page that says "fine" and is not Slack's: who knows what stands between. */
  private static SlackFailure notSlack(String asked) {
    return new SlackFailure(
        SlackProblem.AMBIGUOUS,
        "not_an_answer",
        "Something gave an answer that is not Slack's (" + asked + ")",
        null);
  }

  private static SlackFailure unreachable(Throwable cause) {
    String why = cause instanceof SSLException ? "TLS failed: " + reason(cause) : reason(cause);
    return new SlackFailure(
        SlackProblem.UNREACHABLE, "unreachable", "Slack cannot be reached: " + why, null);
  }

  private static String reason(Throwable cause) {
    if (cause instanceof java.net.UnknownHostException) {
      return "the name of its server cannot be resolved";
    }
    String message = cause.getMessage();
    return message == null
        ? cause.getClass().getSimpleName()
        : message.replaceAll("\\s+", " ").replace("to /", "to ");
  }

  private synchronized SlackHttp http() throws SlackFailure {
    SlackHttp made = http;
    if (made == null) {
      made = new SlackHttp(knownSettings());
      http = made;
    }
    return made;
  }

  private SlackSettings knownSettings() throws SlackFailure {
    try {
      return settings.get();
    } catch (Failure e) {
      boolean passing = e.kind() == Failure.FailureKind.UNKNOWN;
      throw new SlackFailure(
          passing ? SlackProblem.UNREACHABLE : SlackProblem.STOP,
          "no_token",
          e.whatAndNext(),
          null);
    }
  }
}
