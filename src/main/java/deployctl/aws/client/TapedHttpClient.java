package deployctl.aws.client;

import deployctl.support.tape.Tape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Puts a tape between a client and AWS. */
final class TapedHttpClient implements SdkHttpClient {
  private final SdkHttpClient real;
  private final Tape tape;
  private final String service;

  TapedHttpClient(SdkHttpClient real, Tape tape, String service) {
    this.real = real;
    this.tape = tape;
    this.service = service;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      private @Nullable ExecutableHttpRequest prepared;

      @Override
      public HttpExecuteResponse call() throws IOException {
        Tape.RecordedRequest question = question(request);
        Tape.RecordedAnswer kept = tape.play(question);
        if (kept != null) {
          return response(kept);
        }
        ExecutableHttpRequest asked = real.prepareRequest(request);
        prepared = asked;
        HttpExecuteResponse response = asked.call();
        Tape.RecordedAnswer answer = answer(response);
        tape.keep(question, answer);
        return response(response, answer);
      }

      @Override
      public void abort() {
        ExecutableHttpRequest asked = prepared;
        if (asked != null) {
          asked.abort();
        }
      }
    };
  }

  private Tape.RecordedRequest question(HttpExecuteRequest request) throws IOException {
    String body = "";
    if (request.contentStreamProvider().isPresent()) {
      try (InputStream in = request.contentStreamProvider().get().newStream()) {
        body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
    SdkHttpRequest http = request.httpRequest();
    String target = http.firstMatchingHeader("X-Amz-Target").orElse("");
    String operation = target.substring(target.lastIndexOf('.') + 1);
    if (operation.isEmpty()) {
      operation = parameter(body, "Action");
    }
    return new Tape.RecordedRequest(service.toLowerCase(Locale.ROOT), operation, body);
  }

  private static String parameter(String form, String name) {
    for (String pair : form.split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    return "unknown";
  }

  private static Tape.RecordedAnswer answer(HttpExecuteResponse response) throws IOException {
    String body = "";
    if (response.responseBody().isPresent()) {
      try (InputStream in = response.responseBody().get()) {
        body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
    return new Tape.RecordedAnswer(
        response.httpResponse().statusCode(),
        response.httpResponse().firstMatchingHeader("Content-Type").orElse(""),
        body,
        null);
  }

  private static HttpExecuteResponse response(
      HttpExecuteResponse real, Tape.RecordedAnswer answer) {
    return HttpExecuteResponse.builder()
        .response(real.httpResponse())
        .responseBody(stream(answer.body()))
        .build();
  }

  private static HttpExecuteResponse response(Tape.RecordedAnswer answer) {
    return HttpExecuteResponse.builder()
        .response(
            SdkHttpFullResponse.builder()
                .statusCode(answer.status())
                .putHeader("Content-Type", answer.contentType())
                .putHeader("x-amzn-RequestId", "replayed")
                .build())
        .responseBody(stream(answer.body()))
        .build();
  }

  private static AbortableInputStream stream(String body) {
    return AbortableInputStream.create(
        new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    real.close();
  }

  @Override
  public String clientName() {
    return real.clientName();
  }
}
