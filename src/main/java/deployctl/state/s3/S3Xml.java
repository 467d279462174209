package deployctl.state.s3;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Reads S3's two kinds of XML: errors, and pages of a listing. */
final class S3Xml {
  /**
   * A page of a listing.
   *
   * @param keys of objects
   * @param prefixes below which there are more, each with a slash at its end
   * @param next where the next page begins, or null on the last
   */
  record Page(List<String> keys, List<String> prefixes, @Nullable String next) {}

  private static final int DEEPEST = 8;

  private S3Xml() {}

  /**
   * Return an error's elements by name; empty when the text is no error of S3's.
   *
   * @param body may be anything: a proxy's page, too
   */
  static Map<String, String> error(byte[] body) {
    Map<String, String> elements = new LinkedHashMap<>();
    try {
      read(
          body,
          (path, text) -> {
            if (path.size() == 2 && path.get(0).equals("Error")) {
              elements.put(path.get(1), text);
            }
          });
      return elements;
    } catch (IOException e) {
      return Map.of();
    }
  }

  /**
   * Read a page of a listing.
   *
   * @throws IOException when it is none, or not whole
   */
  static Page page(byte[] body) throws IOException {
    List<String> keys = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    Map<String, String> head = new LinkedHashMap<>();
    read(
        body,
        (path, text) -> {
          if (!path.get(0).equals("ListBucketResult")) {
            return;
          }
          String place = String.join("/", path.subList(1, path.size()));
          switch (place) {
            case "Contents/Key" -> keys.add(text);
            case "CommonPrefixes/Prefix" -> prefixes.add(text);
            default -> head.put(place, text);
          }
        });
    if (!head.containsKey("IsTruncated")) {
      throw new IOException("the answer is no listing");
    }
    String next = head.get("NextContinuationToken");
    if (Boolean.parseBoolean(head.get("IsTruncated")) && next == null) {
      throw new IOException("a listing does not say where it goes on");
    }
    return new Page(
        List.copyOf(keys),
        List.copyOf(prefixes),
        Boolean.parseBoolean(head.get("IsTruncated")) ? next : null);
  }

  /** Hears of each element that holds text alone, with the names from the root to it. */
  private interface Texts {
    void found(List<String> path, String text);
  }

  /** The parser would write to the process's stderr of bytes that are no text. */
  private static String text(byte[] body) throws IOException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
  }

  private static void read(byte[] body, Texts texts) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    // A document type could name files and addresses, and grow without end.
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(text(body)));
      List<String> path = new ArrayList<>();
      StringBuilder text = new StringBuilder();
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            path.add(reader.getLocalName());
            text.setLength(0);
            if (path.size() > DEEPEST) {
              throw new IOException("nested too deeply");
            }
          }
          case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
              text.append(reader.getText());
          case XMLStreamConstants.END_ELEMENT -> {
            texts.found(List.copyOf(path), text.toString());
            text.setLength(0);
            path.remove(path.size() - 1);
          }
          default -> {
            // Comments and the like say nothing.
          }
        }
      }
    } catch (XMLStreamException e) {
      throw new IOException("the answer is no XML", e);
    }
  }
}
