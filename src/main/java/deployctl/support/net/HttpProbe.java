package deployctl.support.net;

import deployctl.support.Failure;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;

/** Asks an address whether it answers. */
public final class HttpProbe {
  private HttpProbe() {}

  /**
   * What came of it.
   *
   * @param status HTTP status, or 0 where nothing answered
   */
  public record ProbeResult(int status, String message) {
    /** Tell whether it answered well: a status of the 200s or 300s. */
    public boolean ok() {
      return status >= 200 && status < 400;
    }
  }

  /**
   * Ask an address.
   *
   * @throws Failure of kind USAGE when it is none
   */
  public static ProbeResult get(String url, Duration timeout) {
    HttpURLConnection connection;
    try {
      URI uri = URI.create(url);
      if (uri.getScheme() == null || !uri.getScheme().startsWith("http") || uri.getHost() == null) {
        throw new IllegalArgumentException(url);
      }
      connection = (HttpURLConnection) uri.toURL().openConnection();
    } catch (IllegalArgumentException | IOException e) {
      throw new Failure(
          Failure.FailureKind.USAGE,
          "'" + url + "' is not an address",
          "Write it like http://host:8000/health",
          e);
    }
    try {
      connection.setConnectTimeout(Math.toIntExact(timeout.toMillis()));
      connection.setReadTimeout(Math.toIntExact(timeout.toMillis()));
      connection.setInstanceFollowRedirects(false);
      int status = connection.getResponseCode();
      return new ProbeResult(status, "HTTP status " + status);
    } catch (IOException e) {
      return new ProbeResult(0, "no answer: " + e.getMessage());
    } finally {
      connection.disconnect();
    }
  }
}
