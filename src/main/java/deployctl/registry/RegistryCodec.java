package deployctl.registry;

import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;
import deployctl.support.json.WrongShapeException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The registry's file format: a JSON object with one entry a line, closed by a checksum over all
 * that precedes it.
 *
 * <p>The checksum tells damage that is still valid JSON. A file without one (the old scripts', a
 * hand-written one) is valid; one whose checksum does not fit was changed by another tool or by a
 * fault, and is read with a warning.
 */
public final class RegistryCodec {
  /** The newest layout that this version can read and write. */
  public static final int SCHEMA_VERSION = 1;

  private static final String CHECKSUM_START = "\"checksum\":\"crc32c:";
  private static final String VERSION_FIELD = "schema_version";
  private static final String ENTRIES_FIELD = "deployments";
  private static final String CHECKSUM_FIELD = "checksum";

  private RegistryCodec() {}

  /**
   * What was read.
   *
   * @param document the content
   * @param intact false when the checksum does not fit the content
   */
  public record Decoded(RegistryDocument document, boolean intact) {}

  /**
   * Read a registry.
   *
   * @throws JsonException when it is not one, with the reason
   * @throws NewerSchema when a newer version of the program wrote it
   */
  public static Decoded decode(byte[] content) throws JsonException, NewerSchema {
    if (content.length == 0) {
      throw new JsonException("the file is empty");
    }
    JsonObject root = Json.parseObject(content);
    long version = root.integer(VERSION_FIELD, 0);
    if (version > SCHEMA_VERSION) {
      throw new NewerSchema(version);
    }
    boolean intact =
        root.has(VERSION_FIELD) || root.has(CHECKSUM_FIELD) ? checksumFits(content) : true;
    List<?> entries = root.list(ENTRIES_FIELD);
    if (entries == null) {
      throw new WrongShapeException("there is no list \"deployments\"");
    }
    List<Deployment> deployments = new ArrayList<>(entries.size());
    List<JsonObject> unusable = new ArrayList<>();
    for (Object entry : entries) {
      if (!(entry instanceof JsonObject object)) {
        throw new WrongShapeException("an entry of \"deployments\" is not an object");
      }
      addEntry(object, deployments, unusable);
    }
    return new Decoded(
        new RegistryDocument(
            root.remove(ENTRIES_FIELD).remove(CHECKSUM_FIELD), deployments, unusable),
        intact);
  }

  /**
   * One that is over and was never any use is kept as it is; one that may be active must not be
   * passed over.
   */
  private static void addEntry(
      JsonObject object, List<Deployment> deployments, List<JsonObject> unusable)
      throws JsonException {
    DeploymentStatus status = DeploymentStatus.find(object.string("status"));
    try {
      deployments.add(Deployment.of(object));
    } catch (JsonException e) {
      if (status == null || !status.finished()) {
        throw e;
      }
      unusable.add(object);
    }
  }

  /** Tell whether an object is an entry that is over and was never any use; it is kept as it is. */
  static boolean isUnusable(JsonObject object) {
    DeploymentStatus status = DeploymentStatus.find(object.string("status"));
    if (status == null || !status.finished()) {
      return false;
    }
    try {
      Deployment.of(object);
      return false;
    } catch (JsonException e) {
      return true;
    }
  }

  /** Return a registry as it is written. */
  public static byte[] encode(RegistryDocument document) {
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream(256 + 512 * document.deployments().size());
    JsonObject header = new JsonObject().put(VERSION_FIELD, (long) SCHEMA_VERSION);
    for (String name : document.header().names()) {
      if (!name.equals(VERSION_FIELD)) {
        header.put(name, document.header().get(name));
      }
    }
    byte[] start = Json.bytes(header);
    bytes.write(start, 0, start.length - 1);
    bytes.writeBytes(ascii(",\"" + ENTRIES_FIELD + "\":["));
    String separator = "\n";
    for (Deployment entry : document.deployments()) {
      bytes.writeBytes(ascii(separator));
      bytes.writeBytes(Json.bytes(entry.toJson()));
      separator = ",\n";
    }
    for (JsonObject entry : document.unusable()) {
      bytes.writeBytes(ascii(separator));
      bytes.writeBytes(Json.bytes(entry));
      separator = ",\n";
    }
    bytes.writeBytes(ascii("\n],"));
    byte[] covered = bytes.toByteArray();
    bytes.writeBytes(ascii(CHECKSUM_START + checksum(covered, covered.length) + "\"}\n"));
    return bytes.toByteArray();
  }

  /** A registry that a newer version of the program wrote; not to be touched. */
  public static final class NewerSchema extends Exception {
    private static final long serialVersionUID = 1;

    NewerSchema(long version) {
      super("it has schema version " + version + ", this program knows " + SCHEMA_VERSION);
    }
  }

  private static boolean checksumFits(byte[] content) {
    // What follows the covered part is of fixed length, but a hand may have added or taken a line
    // end.
    int from = Math.max(0, content.length - 64);
    String tail = new String(content, from, content.length - from, StandardCharsets.ISO_8859_1);
    int at = tail.lastIndexOf(CHECKSUM_START);
    return at >= 0
        && tail.substring(at).trim().equals(CHECKSUM_START + checksum(content, from + at) + "\"}");
  }

  private static String checksum(byte[] content, int length) {
    CRC32C crc = new CRC32C();
    crc.update(content, 0, length);
    String digits = Long.toHexString(crc.getValue());
    return "0".repeat(8 - digits.length()) + digits;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
