package deployctl.operation;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ids of the events that were told lately.
 *
 * <p>Bounded: the newest are kept. That is enough, because what is older than those is not asked
 * for any more.
 */
public final class SeenEvents {
  private final int most;
  private final Deque<String> order = new ArrayDeque<>();
  private final Set<String> ids = new HashSet<>();

  /** Make a memory of at most {@code most} ids. */
  public SeenEvents(int most) {
    this.most = most;
  }

  /** Remember an id; returns whether it is new. */
  public boolean add(String id) {
    if (!ids.add(id)) {
      return false;
    }
    order.addLast(id);
    if (order.size() > most) {
      ids.remove(order.removeFirst());
    }
    return true;
  }

  /** Remember ids, oldest first. */
  public void addAll(Collection<String> all) {
    all.forEach(this::add);
  }

  /** Tell whether the id was told. */
  public boolean contains(String id) {
    return ids.contains(id);
  }

  /** Return the newest ids, oldest first. */
  public List<String> newest(int count) {
    return order.stream().skip(Math.max(0, order.size() - count)).toList();
  }

  /** Tell whether nothing was told yet. */
  public boolean isEmpty() {
    return ids.isEmpty();
  }
}
