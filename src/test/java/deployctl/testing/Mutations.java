package deployctl.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Makes inputs of inputs that are right: changed a little, cut, repeated, nested, mixed. */
public final class Mutations {
  private static final List<String> TOKENS =
      List.of(
          "\"",
          "\\",
          "\\\"",
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          "<",
          ">",
          "</",
          "/>",
          "&amp;",
          "&quot;",
          "&#x0;",
          "\n",
          "\r",
          "\u0000",
          "\u009b",
          "\u202e",
          "\u2028",
          "\ud83d\ude00",
          "null",
          "true",
          "-1",
          "1e999",
          "9223372036854775808",
          "0.1",
          "\"\"",
          "[]",
          "{}",
          "*a",
          "&a",
          "!!x",
          "- ",
          "  ",
          "\t",
          "%",
          "password=",
          "--token ",
          "-----BEGIN PRIVATE KEY-----",
          "eyJ",
          "://",
          "AKIA",
          "xoxb-",
          "::set-output ",
          "##[",
          "<![CDATA[",
          "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
          "&e;",
          "\ufeff");

  private final SplittableRandom random;
  private final Map<String, List<byte[]>> seeds;

  /** Make a source whose inputs follow from {@code seed}; {@code seeds} are right, by kind. */
  public Mutations(long seed, Map<String, List<byte[]>> seeds) {
    this.random = new SplittableRandom(seed);
    this.seeds = seeds;
  }

  /** Return the next input of a kind. */
  public byte[] next(String kind) {
    List<byte[]> all = seeds.get(kind);
    byte[] input = all.get(random.nextInt(all.size())).clone();
    int changes = 1 + random.nextInt(1 + random.nextInt(8));
    for (int i = 0; i < changes; i++) {
      input = changed(input, all);
    }
    return input;
  }

  private byte[] changed(byte[] input, List<byte[]> all) {
    int at = random.nextInt(input.length + 1);
    int to = Math.min(input.length, at + 1 + random.nextInt(1 + random.nextInt(64)));
    return switch (random.nextInt(9)) {
      case 0 -> flipped(input, at);
      case 1 -> joined(input, 0, at, token(), at);
      case 2 -> joined(input, 0, at, new byte[0], to);
      case 3 -> joined(input, 0, to, part(input, at, to), to);
      case 4 -> part(input, 0, at);
      case 5 -> joined(input, 0, at, part(all.get(random.nextInt(all.size())), 0, 1 << 20), to);
      case 6 -> joined(input, 0, at, repeated(token(), 1 + random.nextInt(3000)), at);
      case 7 -> joined(input, 0, at, token(), to);
      default -> joined(input, 0, to, repeated(part(input, at, to), random.nextInt(200)), to);
    };
  }

  private byte[] flipped(byte[] input, int at) {
    if (at < input.length) {
      input[at] = (byte) random.nextInt(256);
    }
    return input;
  }

  private byte[] token() {
    return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] part(byte[] input, int from, int to) {
    int end = Math.min(input.length, to);
    byte[] part = new byte[Math.max(0, end - from)];
    System.arraycopy(input, Math.min(from, input.length), part, 0, part.length);
    return part;
  }

  private static byte[] repeated(byte[] part, int times) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] joined(byte[] input, int from, int to, byte[] middle, int rest) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + middle.length);
    out.write(input, from, to - from);
    out.writeBytes(middle);
    out.write(input, rest, input.length - rest);
    return out.toByteArray();
  }
}
