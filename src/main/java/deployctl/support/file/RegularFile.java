package deployctl.support.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/**
 * The one way to open what is read or added to: a file, and nothing that answers never, or is
 * another's trap. A FIFO, a socket or a device is refused before it is opened, since opening it may
 * wait for ever; a link that neither this user nor root made is refused, since it may lead to a
 * file that its maker could not touch; what is larger than it can rightly be is refused.
 */
public final class RegularFile {
  private static final int MEBIBYTE = 1 << 20;

  /** The kernel follows no more (path_resolution(7)). */
  private static final int MOST_LINKS = 40;

  private RegularFile() {}

  /**
   * Read all of a file.
   *
   * @param mostMebibytes how large it may be
   * @throws NoSuchFileException when there is none
   * @throws TooLarge when it is larger
   * @throws IOException with a reason in words, when it is something else
   */
  public static byte[] read(Path file, int mostMebibytes) throws IOException {
    long most = (long) mostMebibytes * MEBIBYTE;
    try (SeekableByteChannel channel = open(file)) {
      long size = channel.size();
      if (size > most) {
        throw new TooLarge(file, size / MEBIBYTE + " MiB, at most " + mostMebibytes + " are read");
      }
      try (InputStream in = Channels.newInputStream(channel)) {
        // It may grow while it is read, and a file of /proc has no size.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) size + 1);
        byte[] part = new byte[(int) Math.min(MEBIBYTE, Math.max(512, size + 1))];
        for (int got = in.read(part); got >= 0; got = in.read(part)) {
          bytes.write(part, 0, got);
          if (bytes.size() > most) {
            throw new TooLarge(file, "at most " + mostMebibytes + " MiB are read");
          }
        }
        return bytes.toByteArray();
      }
    }
  }

  /** A file is larger than it can rightly be. */
  public static final class TooLarge extends FileSystemException {
    private static final long serialVersionUID = 1;

    TooLarge(Path file, String what) {
      super(file.toString(), null, "too large: " + what);
    }
  }

  /** Open a file to be read. */
  public static FileChannel open(Path file) throws IOException {
    check(file);
    return FileChannel.open(file, StandardOpenOption.READ);
  }

  /**
   * Open a file to be added to, or locked; a link is not followed. One that is made is its owner's
   * alone (600), its group's to read (640) where the folder is the group's to read and nobody
   * else's, and its group's to write (660) where the folder is: so a folder's owner asks for it.
   */
  public static FileChannel openOwn(Path file, OpenOption... how) throws IOException {
    boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    if (there) {
      if (Files.isSymbolicLink(file)) {
        throw refused(file, "a link, which is not followed when writing");
      }
      check(file);
    }
    Set<OpenOption> options = new HashSet<>(Set.of(how));
    options.add(StandardOpenOption.CREATE);
    options.add(StandardOpenOption.WRITE);
    options.add(LinkOption.NOFOLLOW_LINKS);
    FileChannel channel = FileChannel.open(file, options, FolderAccess.ofNewFile(file));
    if (!there) {
      FolderAccess.despiteUmask(file);
    }
    return channel;
  }

  /**
   * See that it may be opened.
   *
   * @throws IOException with a reason in words when it may not
   */
  public static void check(Path file) throws IOException {
    Path link = file;
    for (int hop = 0; hop < MOST_LINKS && Files.isSymbolicLink(link); hop++) {
      if (FileOwner.stranger(link).isPresent()) {
        throw refused(file, "a link that another user made, which is not followed");
      }
      link = link.resolveSibling(Files.readSymbolicLink(link));
    }
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      throw refused(file, "it is a folder");
    }
    if (!attributes.isRegularFile()) {
      throw refused(file, "not a regular file (a FIFO, a socket or a device)");
    }
  }

  private static FileSystemException refused(Path file, String why) {
    return new FileSystemException(file.toString(), null, why);
  }
}
