import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Makes of two start-up archives of the same classes one that says nothing of when it was made. They differ in the
 * clock that stands in each soft reference (how long the machine has been up), and in the check sums that follow from
 * it, which the JVM reads with {@code -XX:+VerifySharedSpaces} alone. What differs is set to zero: a soft reference that
 * seems not to have been used for long, as after any restart of the machine.
 *
 * <p>Run from source: {@code <archive> <archive> <new archive>}. Fails where they differ in more than that.
 */
final class ReproducibleArchive {
  /** What lies before the first region: no objects, and fields of four bytes. */
  private static final int HEADER = 4096;

  /** Far more than clocks and sums; what is more is another content. */
  private static final int MOST = 4000;

  private ReproducibleArchive() {}

  public static void main(String[] args) throws IOException {
    byte[] one = Files.readAllBytes(Path.of(args[0]));
    byte[] two = Files.readAllBytes(Path.of(args[1]));
    if (one.length != two.length) {
      throw new IOException("the archives have " + one.length + " and " + two.length + " bytes");
    }
    int words = 0;
    for (int at = 0; at < one.length; at++) {
      if (one[at] == two[at]) {
        continue;
      }
      int size = at < HEADER ? Integer.BYTES : Long.BYTES;
      int from = at - at % size;
      Arrays.fill(one, from, from + size, (byte) 0);
      at = from + size - 1;
      words++;
    }
    if (words > MOST) {
      throw new IOException("the archives differ in " + words + " words");
    }
    Files.write(Path.of(args[2]), one);
  }
}
