package deployctl.state.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.testing.Mutations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Listings and errors, and what only looks like them. */
class S3XmlTest {
  private static final String PAGE =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
          + "<Name>b</Name><Prefix>p/</Prefix><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys><Delimiter>/</Delimiter>"
          + "<IsTruncated>true</IsTruncated><NextContinuationToken>1/a&amp;b==</NextContinuationToken>"
          + "<Contents><Key>p/a &lt;b&gt;.json</Key><ETag>&quot;e&quot;</ETag><Size>3</Size>"
          + "<Owner><ID>o</ID></Owner></Contents><Contents><Key>p/c.json</Key></Contents>"
          + "<CommonPrefixes><Prefix>p/d/</Prefix></CommonPrefixes></ListBucketResult>";
  private static final String ERROR =
      "<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message><Region>eu-west-1</Region></Error>";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aPageHasKeysPrefixesAndWhereItGoesOn() throws IOException {
    S3Xml.Page page = S3Xml.page(bytes(PAGE));
    assertEquals(List.of("p/a <b>.json", "p/c.json"), page.keys());
    assertEquals(List.of("p/d/"), page.prefixes());
    assertEquals("1/a&b==", page.next());
  }

  @Test
  void aPageThatDoesNotSayWhereItGoesOnIsNoEnd() {
    String broken = PAGE.replaceAll("<NextContinuationToken>.*</NextContinuationToken>", "");
    assertThrows(IOException.class, () -> S3Xml.page(bytes(broken)));
    assertThrows(IOException.class, () -> S3Xml.page(bytes(PAGE.substring(0, 300))));
  }

  @Test
  void anErrorIsReadByItsElements() {
    assertEquals(
        Map.of("Code", "PermanentRedirect", "Message", "elsewhere", "Region", "eu-west-1"),
        S3Xml.error(bytes(ERROR)));
    assertEquals(Map.of(), S3Xml.error(new byte[0]));
  }

  @Test
  void noTextDoesHarm() {
    Mutations mutations =
        new Mutations(20260131, Map.of("xml", List.of(bytes(PAGE), bytes(ERROR))));
    int pages = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] input = mutations.next("xml");
      S3Xml.error(input);
      try {
        S3Xml.Page page = S3Xml.page(input);
        assertTrue(page.keys().size() + page.prefixes().size() < 10_000);
        pages++;
      } catch (IOException e) {
        assertFalse(e.getMessage().isEmpty());
      }
    }
    assertTrue(pages > 20, pages + " were pages all the same");
  }
}
