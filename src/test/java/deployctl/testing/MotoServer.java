package deployctl.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** Somebody else's AWS, on this machine, while a test class runs. */
public final class MotoServer implements AutoCloseable {
  private final Process process;
  private final int port;

  private MotoServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Start it and wait until it listens. */
  public static MotoServer start() throws IOException, InterruptedException {
    Tools.need("moto_server");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    MotoServer server =
        new MotoServer(
            new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start(),
            port);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!server.listens()) {
      if (!server.process.isAlive() || System.nanoTime() > end) {
        server.close();
        throw new AssertionError("moto_server did not start");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return server;
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
