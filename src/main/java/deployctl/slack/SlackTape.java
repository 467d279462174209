package deployctl.slack;

import deployctl.support.tape.Tape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;

/** Puts a tape between the program and Slack. */
final class SlackTape implements Interceptor {
  private final Tape tape;

  SlackTape(Tape tape) {
    this.tape = tape;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    Buffer form = new Buffer();
    if (request.body() != null) {
      request.body().writeTo(form);
    }
    String path = request.url().encodedPath();
    Tape.RecordedRequest question =
        new Tape.RecordedRequest(
            "slack", path.substring(path.lastIndexOf('/') + 1), form.readUtf8());
    Tape.RecordedAnswer kept = tape.play(question);
    if (kept != null) {
      Response.Builder answer =
          new Response.Builder()
              .request(request)
              .protocol(Protocol.HTTP_1_1)
              .code(kept.status())
              .message("replayed")
              .body(ResponseBody.create(kept.body(), MediaType.parse(kept.contentType())));
      return kept.scopes() == null
          ? answer.build()
          : answer.header(SlackWebApi.SCOPES, kept.scopes()).build();
    }
    Response response = chain.proceed(request);
    ResponseBody body = response.body();
    String text = new String(SlackHttp.content(response), StandardCharsets.UTF_8);
    MediaType type = body == null ? null : body.contentType();
    tape.keep(
        question,
        new Tape.RecordedAnswer(
            response.code(),
            type == null ? "" : type.toString(),
            text,
            response.header(SlackWebApi.SCOPES)));
    return response.newBuilder().body(ResponseBody.create(text, type)).build();
  }
}
