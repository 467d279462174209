package deployctl.aws.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Reads no more of an answer than AWS would ever say: what answers in its place may go on until the
 * memory is full.
 */
final class BoundedHttpClient implements SdkHttpClient {
  /**
   * The largest that is asked for is a page of a hundred task definitions or a template of 1 MB.
   */
  private static final int MOST_MEBIBYTES = 32;

  private final SdkHttpClient real;

  BoundedHttpClient(SdkHttpClient real) {
    this.real = real;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = real.prepareRequest(request);
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        HttpExecuteResponse response = prepared.call();
        return response
            .responseBody()
            .map(
                body ->
                    HttpExecuteResponse.builder()
                        .response(response.httpResponse())
                        .responseBody(AbortableInputStream.create(new BoundedStream(body), body))
                        .build())
            .orElse(response);
      }

      @Override
      public void abort() {
        prepared.abort();
      }
    };
  }

  @Override
  public String clientName() {
    return real.clientName();
  }

  @Override
  public void close() {
    real.close();
  }

  /** An answer that is an error from a size on. */
  private static final class BoundedStream extends FilterInputStream {
    private long left = (long) MOST_MEBIBYTES << 20;

    BoundedStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int got = super.read();
      count(got < 0 ? 0 : 1);
      return got;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int got = super.read(bytes, from, length);
      count(Math.max(0, got));
      return got;
    }

    private void count(int got) {
      left -= got;
      if (left < 0) {
        throw new AwsFailure(
            AwsErrorKind.REJECTED,
            "An answer of AWS's was over " + MOST_MEBIBYTES + " MiB, and was not read to the end",
            "Look at what answers in AWS's place (a proxy, --endpoint-url)",
            new IllegalStateException("too large"));
      }
    }
  }
}
