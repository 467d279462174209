import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * Answers for CloudFormation and Slack while the start-up archives are trained: a stack is idle, busy or not there by its
 * name, Slack takes everything but what goes to the channel "nowhere". Run from source; prints its port and ends with its
 * stdin.
 */
final class TrainingServer {
  private static void reply(com.sun.net.httpserver.HttpExchange exchange, String type, String text)
      throws java.io.IOException {
    byte[] answer = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, answer.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(answer);
    }
  }

  public static void main(String[] args) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          String body =
              URLDecoder.decode(
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), StandardCharsets.UTF_8);
          if (exchange.getRequestHeaders().getFirst("X-Amz-Target") != null) {
            // The services of the JSON protocol know nothing here, and say so in their way.
            reply(exchange, "application/x-amz-json-1.1", "{}");
            return;
          }
          String action = body.replaceFirst("(?s).*?Action=([A-Za-z]+).*", "$1");
          if (!action.equals("DescribeStacks")) {
            reply(
                exchange,
                "text/xml",
                "<" + action + "Response><" + action + "Result></" + action + "Result><ResponseMetadata><RequestId>1"
                    + "</RequestId></ResponseMetadata></" + action + "Response>");
            return;
          }
          boolean missing = body.contains("StackName=Missing");
          String status = body.contains("StackName=Busy") ? "UPDATE_IN_PROGRESS" : "UPDATE_COMPLETE";
          byte[] answer =
              (missing
                      ? "<ErrorResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><Error>"
                          + "<Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id Missing does not"
                          + " exist</Message></Error><RequestId>1</RequestId></ErrorResponse>"
                      : "<DescribeStacksResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\">"
                          + "<DescribeStacksResult><Stacks><member><StackName>Idle</StackName><StackId>"
                          + "arn:aws:cloudformation:us-east-1:123456789012:stack/Idle/1</StackId><CreationTime>"
                          + "2026-01-01T00:00:00.000Z</CreationTime><LastUpdatedTime>2026-01-02T00:00:00.000Z"
                          + "</LastUpdatedTime><StackStatus>" + status + "</StackStatus><DisableRollback>false"
                          + "</DisableRollback><Capabilities><member>CAPABILITY_IAM</member></Capabilities><Outputs>"
                          + "<member><OutputKey>Url</OutputKey><OutputValue>http://localhost</OutputValue></member>"
                          + "</Outputs><Tags/><EnableTerminationProtection>false</EnableTerminationProtection>"
                          + "</member></Stacks></DescribeStacksResult><ResponseMetadata><RequestId>1</RequestId>"
                          + "</ResponseMetadata></DescribeStacksResponse>")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/xml");
          exchange.sendResponseHeaders(missing ? 400 : 200, answer.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer);
          }
        });
    server.createContext(
        "/api/",
        exchange -> {
          String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String body =
              form.contains("channel=nowhere")
                  ? "{\"ok\":false,\"error\":\"channel_not_found\"}"
                  : "{\"ok\":true,\"channel\":\"C0A9M9DPFUY\",\"ts\":\"1769860800.000100\",\"messages\":[]}";
          byte[] answer = body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
          exchange.sendResponseHeaders(200, answer.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer);
          }
        });
    server.start();
    System.out.println(server.getAddress().getPort());
    while (System.in.read() >= 0) {
      continue;
    }
    System.exit(0);
  }
}
