package deployctl.operation;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.aws.cloudformation.Stacks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * The new events of one stack, each once, also over pages and within one millisecond.
 *
 * <p>CloudFormation gives events newest first, a hundred a page. A page that holds an event which
 * was seen is the last one that is read, so that a long history costs one call.
 */
public final class EventFeed {
  private final Stacks stacks;
  private final String stackId;
  private final SeenEvents seen;

  /**
   * Make a feed.
   *
   * @param seen what was taken already; what the feed gives is for the caller to add
   */
  public EventFeed(Stacks stacks, String stackId, SeenEvents seen) {
    this.stacks = stacks;
    this.stackId = stackId;
    this.seen = seen;
  }

  /** Return the events that were not seen and are not older than {@code since}, oldest first. */
  public List<StackEvent> next(Instant since) {
    List<StackEvent> fresh = new ArrayList<>();
    Iterator<List<StackEvent>> pages = stacks.eventPages(stackId).iterator();
    boolean more = true;
    while (more && pages.hasNext()) {
      for (StackEvent event : pages.next()) {
        if (event.timestamp().isBefore(since)) {
          more = false;
        } else if (seen.contains(event.eventId())) {
          more = false;
        } else {
          fresh.add(event);
        }
      }
    }
    return oldestFirst(fresh);
  }

  /**
   * Return the events of the latest operation that were not seen, oldest first.
   *
   * @return empty when the stack has no events of an operation
   */
  public List<StackEvent> latestOperation() {
    List<StackEvent> fresh = new ArrayList<>();
    Iterator<List<StackEvent>> pages = stacks.eventPages(stackId).iterator();
    boolean moving = false;
    while (pages.hasNext()) {
      for (StackEvent event : pages.next()) {
        boolean own = Events.ofStackItself(event);
        if (own && moving && !Events.inProgress(event.status()) && !resumes(event)) {
          // The end of the operation before.
          return oldestFirst(fresh);
        }
        moving |= own && Events.inProgress(event.status());
        if (!seen.contains(event.eventId())) {
          fresh.add(event);
        }
        if (Events.begins(event)) {
          return oldestFirst(fresh);
        }
      }
    }
    return oldestFirst(fresh);
  }

  /** A creation that failed and is then deleted by itself goes on. */
  private static boolean resumes(StackEvent event) {
    return event.status().equals("CREATE_FAILED");
  }

  private static List<StackEvent> oldestFirst(List<StackEvent> newestFirst) {
    List<StackEvent> oldestFirst = new ArrayList<>(newestFirst);
    Collections.reverse(oldestFirst);
    return oldestFirst;
  }
}
