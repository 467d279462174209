package deployctl.slack;

import com.slack.api.SlackConfig;
import com.slack.api.methods.MethodsClient;
import com.slack.api.methods.impl.MethodsClientImpl;
import com.slack.api.util.http.SlackHttpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import okhttp3.Call;
import okhttp3.ConnectionSpec;
import okhttp3.EventListener;
import okhttp3.FormBody;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/** Sends forms to Slack through its SDK, once, and knows whether they left this machine. */
final class SlackHttp {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  /** Whether the call that this thread makes has begun to send. */
  private static final ThreadLocal<Boolean> SENDING = ThreadLocal.withInitial(() -> false);

  private final MethodsClient methods;
  private final String token;

  SlackHttp(SlackSettings settings) {
    SlackConfig config = new SlackConfig();
    // Counting calls makes the SDK ask auth.test first, to know the workspace.
    config.getMethodsConfig().setStatsEnabled(false);
    SlackHttpClient http = new SlackHttpClient(client(settings));
    http.setConfig(config);
    MethodsClientImpl client = new MethodsClientImpl(http, settings.token());
    client.setEndpointUrlPrefix(settings.api().toString());
    this.methods = client;
    this.token = settings.token();
  }

  /** A page of a thousand messages, the largest that is asked for, is a few megabytes. */
  private static final long MOST_BYTES = 16L << 20;

  /**
   * Send a form.
   *
   * @throws NotSent when nothing left this machine
   * @throws IOException when the answer did not come, or not whole; Slack may have acted on it
   */
  Response send(String method, FormBody.Builder form) throws IOException {
    SENDING.set(false);
    try {
      return methods.runPostFormWithToken(form, method, token);
    } catch (IOException e) {
      throw SENDING.get() ? e : new NotSent(e);
    }
  }

  /**
   * Read an answer, no more of it than Slack would ever say: what answers in its place may go on
   * until the memory is full.
   *
   * @throws IOException when it breaks off or is too large; Slack may have acted on the request
   */
  static byte[] content(Response response) throws IOException {
    ResponseBody body = response.body();
    if (body == null) {
      return new byte[0];
    }
    if (body.source().request(MOST_BYTES + 1)) {
      throw new IOException("the answer is over " + (MOST_BYTES >> 20) + " MiB");
    }
    return body.bytes();
  }

  /** Slack has not seen the request. */
  static final class NotSent extends IOException {
    private static final long serialVersionUID = 1;

    NotSent(IOException cause) {
      super(cause);
    }
  }

  private static OkHttpClient client(SlackSettings settings) {
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .followRedirects(false)
            .followSslRedirects(false)
            // A request whose connection dropped may have been acted on: it must not go out again
            // by itself.
            .retryOnConnectionFailure(false)
            .addNetworkInterceptor(
                chain -> withoutInvitationToRepeat(chain.proceed(chain.request())))
            .eventListener(new SendingListener())
            .connectTimeout(CONNECT_TIMEOUT)
            .readTimeout(settings.callTimeout())
            .writeTimeout(settings.callTimeout())
            .callTimeout(settings.callTimeout());
    if (settings.tape() != null) {
      builder.addInterceptor(new SlackTape(settings.tape()));
    }
    if ("http".equals(settings.api().getScheme())) {
      // Without TLS there is no need to read the trust store, which takes longer than the rest.
      builder.connectionSpecs(List.of(ConnectionSpec.CLEARTEXT));
    }
    return builder.build();
  }

  /** The HTTP client repeats a request on 503 with {@code Retry-After: 0}; we decide on that. */
  private static Response withoutInvitationToRepeat(Response response) {
    return response.code() == 503
        ? response.newBuilder().removeHeader("Retry-After").build()
        : response;
  }

  /** Notes the moment from which Slack may know of the call. */
  private static final class SendingListener extends EventListener {
    @Override
    public void requestHeadersStart(Call call) {
      SENDING.set(true);
    }
  }

  /** Return the header that says how long to wait, or null where there is none to be understood. */
  static @Nullable Duration retryAfter(Response response) {
    String value = response.header("Retry-After");
    if (value == null || !value.trim().matches("\\d{1,6}")) {
      return null;
    }
    return Duration.ofSeconds(Long.parseLong(value.trim()));
  }
}
