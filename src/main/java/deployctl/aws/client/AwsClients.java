package deployctl.aws.client;

import deployctl.support.tape.Tape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceMetadata;
import software.amazon.awssdk.retries.AdaptiveRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;

/**
 * Builds the SDK's clients, all with the same region, credentials, address, timeouts and retries.
 *
 * <p>The one layer of retries: throttling and passing faults are tried six times in all, with full
 * jitter; a call that was not answered in time is not tried again, because the caller has waited
 * long enough.
 */
public final class AwsClients {
  private static final int ATTEMPTS = 6;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  private AwsClients() {}

  /**
   * Finish a client's builder.
   *
   * @throws software.amazon.awssdk.core.exception.SdkClientException when no region can be found
   */
  public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
      B builder, AwsSettings settings) {
    loadMetadataAside();
    builder
        .httpClient(http(settings))
        .credentialsProvider(credentials(settings))
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .apiCallAttemptTimeout(settings.callTimeout())
                .apiCallTimeout(settings.deadline())
                .retryStrategy(retries())
                .addExecutionInterceptor(new XmlCleaner())
                .addExecutionInterceptor(new EndlessPages())
                .build());
    if (settings.region() != null) {
      builder.region(Region.of(settings.region()));
    }
    if (settings.endpoint() != null) {
      builder.endpointOverride(settings.endpoint());
    }
    return builder.build();
  }

  private static SdkHttpClient http(AwsSettings settings) {
    SdkHttpClient real = new BoundedHttpClient(realHttp(settings));
    return settings.tape() == null
        ? real
        : new TapedHttpClient(real, settings.tape(), settings.service());
  }

  private static SdkHttpClient realHttp(AwsSettings settings) {
    URI endpoint = settings.endpoint();
    if (endpoint != null && "http".equals(endpoint.getScheme()) && !hasProxy()) {
      // The client's own way reads the trust store first, which a plain connection has no use for.
      return UrlConnectionHttpClient.create(uri -> plainConnection(uri, settings.callTimeout()));
    }
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(CONNECT_TIMEOUT)
        .socketTimeout(settings.callTimeout())
        .build();
  }

  private static HttpURLConnection plainConnection(URI uri, Duration readTimeout) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
      connection.setReadTimeout(Math.toIntExact(readTimeout.toMillis()));
      return connection;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasProxy() {
    return ProxyConfiguration.builder().scheme("http").build().host() != null;
  }

  /**
   * Load the SDK's table of services and regions, which every client needs and which is large,
   * while the rest of the client is made.
   */
  private static void loadMetadataAside() {
    Thread thread = new Thread(() -> ServiceMetadata.of("cloudformation"), "aws-metadata");
    thread.setDaemon(true);
    thread.start();
  }

  private static AwsCredentialsProvider credentials(AwsSettings settings) {
    if (settings.profile() != null) {
      return ProfileCredentialsProvider.create(settings.profile());
    }
    AwsKeys keys = settings.keys();
    if (keys == null) {
      return DefaultCredentialsProvider.builder().build();
    }
    return StaticCredentialsProvider.create(
        keys.sessionToken() == null
            ? AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey())
            : AwsSessionCredentials.create(
                keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()));
  }

  private static RetryStrategy retries() {
    return AdaptiveRetryStrategy.builder()
        // The SDK would add conditions of its own, and so repeat what was not answered and what has
        // expired.
        .useClientDefaults(false)
        .maxAttempts(ATTEMPTS)
        .backoffStrategy(
            BackoffStrategy.exponentialDelay(Duration.ofMillis(100), Duration.ofSeconds(5)))
        .throttlingBackoffStrategy(
            BackoffStrategy.exponentialDelay(Duration.ofMillis(500), Duration.ofSeconds(10)))
        .treatAsThrottling(thrown -> AwsErrorClassifier.of(thrown) == AwsErrorKind.THROTTLED)
        .retryOnException(
            thrown -> {
              AwsErrorKind problem = AwsErrorClassifier.of(thrown);
              return problem.passing()
                  && problem != AwsErrorKind.TIMED_OUT
                  // What this program itself refuses to believe is not asked again.
                  && AwsErrorText.own(thrown) == null
                  && !(AwsErrorText.root(thrown) instanceof Tape.NoAnswer);
            })
        .build();
  }
}
