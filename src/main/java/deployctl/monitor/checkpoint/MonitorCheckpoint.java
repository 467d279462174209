package deployctl.monitor.checkpoint;

import deployctl.aws.cloudformation.StackEvent;
import deployctl.operation.StackOperation;
import deployctl.support.json.JsonObject;
import deployctl.support.process.ProcessIdentity;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a monitor must know to go on where an earlier one was stopped, kept in its state file.
 *
 * <p>Told events: the newest are kept by id, and what is older than all of those was told. What the
 * log holds counts as told, too, because it is written before the state.
 */
public final class MonitorCheckpoint {
  /** Events come late by seconds, not by hundreds of events. */
  private static final int RECENT = 400;

  private final MonitorStore store;
  private final WatchRequest request;
  private final MonitorSettings settings;
  private final Time time;
  private final Set<String> told = new LinkedHashSet<>();
  private final List<StackEvent> newest = new ArrayList<>();
  private final Set<String> said = new HashSet<>();
  private final long token;
  private @Nullable Instant toldBefore;
  private MonitorState state;
  private long polls;
  private final ProcessIdentity self = ProcessIdentity.current();

  /**
   * Take over what an earlier monitor of the deployment knew.
   *
   * @param token the fencing token of the deployment's lock, or 0 where it has none; what watched
   *     an earlier holding of the same name knew nothing of this one
   * @param logged ids of the events that the log holds
   */
  public MonitorCheckpoint(
      MonitorStore store,
      WatchRequest request,
      MonitorSettings settings,
      long token,
      Set<String> logged,
      Time time) {
    this.store = store;
    this.request = request;
    this.settings = settings;
    this.token = token;
    this.time = time;
    this.state =
        store
            .find(request.correlationId())
            .filter(known -> !known.finished() && known.isOf(token))
            .orElseGet(() -> new MonitorState(new JsonObject()));
    told.addAll(logged);
    told.addAll(state.texts(MonitorState.RECENT_EVENTS));
    said.addAll(state.texts(MonitorState.TOLD));
    toldBefore = state.time(MonitorState.RECENT_SINCE);
    polls = state.polls();
  }

  /** Write down who watches; to be called once the role is taken. */
  public void begin(String host) {
    Instant now = time.now();
    JsonObject identity = MonitorState.fieldsOf(ProcessIdentity.current());
    boolean resumed = !state.toJson().names().isEmpty();
    store.change(
        request.correlationId(),
        known -> {
          MonitorState next = known.finished() || !known.isOf(token) ? forget(known) : known;
          next =
              next.with(MonitorState.FENCING_TOKEN, token == 0 ? null : token)
                  .with("stack_name", request.stack())
                  .with("environment", request.environment())
                  .with("channel", request.channel())
                  .with(MonitorState.LOG_FILE, request.logFile().absolute().toString())
                  .with("check_interval_seconds", settings.checkInterval().toMillis() / 1_000.0)
                  .with("hung_after_seconds", settings.hungAfter().toMillis() / 1_000.0)
                  .with("host", host)
                  .with(MonitorState.STOPPED_AT, null)
                  .with(MonitorState.HEARTBEAT_AT, now)
                  .with(MonitorState.HEARTBEAT_NANOS, time.nanos())
                  .with("started_at", resumed ? known.toJson().get("started_at") : now);
          for (String name : identity.names()) {
            next = next.with(name, identity.get(name));
          }
          return next;
        });
  }

  /** A deployment's name that is used anew begins anew. */
  private MonitorState forget(MonitorState known) {
    JsonObject kept = new JsonObject().put("correlation_id", known.correlationId());
    kept.putIfKnown(MonitorState.RECOVERY, known.toJson().get(MonitorState.RECOVERY));
    if (known.isOf(token)) {
      // Its end is not told a second time.
      kept.putIfKnown(MonitorState.END_MESSAGE_AT, known.toJson().get(MonitorState.END_MESSAGE_AT));
      kept.putIfKnown(MonitorState.END_TOLD, known.toJson().get(MonitorState.END_TOLD));
    }
    return new MonitorState(kept);
  }

  /** Return what an earlier monitor knew of stalls, or empty when it knew nothing. */
  public Optional<StallState> stall() {
    return Optional.ofNullable(state.toJson().object("stall"))
        .map(kept -> StallState.fromJson(kept, settings.stallThreshold()));
  }

  /** Return the ARN of the stack that is followed, or null while none is. */
  public @Nullable String stackId() {
    return state.toJson().string(MonitorState.STACK_ID);
  }

  /** Return when the operation that is followed began, or null while none is. */
  public @Nullable Instant operationStartedAt() {
    long millis = state.toJson().integer(MonitorState.OPERATION_STARTED_MS, 0);
    return millis > 0 ? Instant.ofEpochMilli(millis) : null;
  }

  /** Return what an earlier monitor kept of services. */
  public List<ServiceEvidence> services() {
    return state.services();
  }

  /** Keep what was seen of services; written down with the next poll. */
  public void services(List<ServiceEvidence> seen) {
    if (!seen.isEmpty()) {
      state =
          state.with(MonitorState.SERVICES, seen.stream().map(ServiceEvidence::toJson).toList());
    }
  }

  /** Remember the stack that is followed. */
  public void stack(String id) {
    state = state.with(MonitorState.STACK_ID, id);
  }

  /** Forget an operation that was only what had to come before: the removal of a broken stack. */
  public void nextOperation() {
    state = state.with(MonitorState.STACK_ID, null).with(MonitorState.OPERATION_STARTED_MS, null);
  }

  /** Remember the operation that is followed. */
  public void operation(Instant startedAt) {
    state = state.with(MonitorState.OPERATION_STARTED_MS, startedAt.toEpochMilli());
  }

  /** Tell whether an event was not told yet. */
  public boolean isNew(StackEvent event) {
    Instant before = toldBefore;
    return !told.contains(event.eventId())
        && (before == null || !event.timestamp().isBefore(before));
  }

  /** Remember events as told, oldest first. */
  public void told(List<StackEvent> events) {
    newest.addAll(events);
    if (newest.size() > 2 * RECENT) {
      newest.subList(0, newest.size() - RECENT).clear();
    }
    events.forEach(event -> told.add(event.eventId()));
  }

  /**
   * Tell whether something is said for the first time, and remember that it is.
   *
   * @param key names it within the deployment
   * @param atOnce whether that is written before it is said: at most once then, whatever happens in
   *     between
   */
  public boolean firstTime(String key, boolean atOnce) {
    if (!said.add(key)) {
      return false;
    }
    if (atOnce) {
      store.change(request.correlationId(), known -> known.with(MonitorState.TOLD, sorted(said)));
    }
    return true;
  }

  /** Write down that a poll was finished: the heartbeat is the polling loop's own. */
  public void polled(StallState stall, @Nullable StackOperation operation) {
    polls++;
    store.beat(MonitorRole.MONITOR, request.correlationId());
    store.change(request.correlationId(), known -> polled(known, stall, operation));
  }

  private MonitorState polled(
      MonitorState known, StallState stall, @Nullable StackOperation operation) {
    List<StackEvent> recent = newest.subList(Math.max(0, newest.size() - RECENT), newest.size());
    MonitorState next =
        known
            .with(MonitorState.STACK_ID, stackId())
            .with(MonitorState.OPERATION_STARTED_AT, operationStartedAt())
            .with(
                MonitorState.OPERATION_STARTED_MS,
                state.toJson().get(MonitorState.OPERATION_STARTED_MS))
            // A state that was lost or damaged names its monitor again with the next poll.
            .ownedBy(self)
            .with("stack_name", request.stack())
            .with("environment", request.environment())
            .with(MonitorState.LOG_FILE, request.logFile().absolute().toString())
            .with(MonitorState.HEARTBEAT_AT, time.now())
            .with(MonitorState.HEARTBEAT_NANOS, time.nanos())
            .with(MonitorState.POLLS, polls)
            .with(MonitorState.TOLD, sorted(said))
            .with(MonitorState.SERVICES, state.toJson().get(MonitorState.SERVICES))
            .with("stall", stall.toJson());
    if (operation != null && operation.lastEventAt() != null) {
      next =
          next.with(MonitorState.LAST_EVENT_AT, operation.lastEventAt())
              .with("stack_status", operation.status());
    }
    if (!recent.isEmpty()) {
      next =
          next.with(MonitorState.RECENT_EVENTS, recent.stream().map(StackEvent::eventId).toList());
    }
    if (newest.size() >= RECENT) {
      // To the second: an event of that very second is recognised by its id.
      next = next.with(MonitorState.RECENT_SINCE, Timestamps.format(recent.get(0).timestamp()));
    }
    return next;
  }

  /**
   * Write down that the end is about to be told.
   *
   * @param at the time in the message: the operation's end, so that each has one of its own
   * @return whether that stood there before: then it may have been told
   */
  public boolean tellingEnd(Instant at) {
    AtomicBoolean before = new AtomicBoolean();
    store.change(
        request.correlationId(),
        known -> {
          before.set(at.equals(known.endMessageAt()));
          return before.get()
              ? known
              // To the millisecond, as it names the message.
              : known
                  .with(MonitorState.END_MESSAGE_AT, at.toString())
                  .with(MonitorState.END_TOLD, null);
        });
    return before.get();
  }

  /** Write down that the end is told, or will be by whoever sends what is queued. */
  public void endTold() {
    store.change(request.correlationId(), known -> known.with(MonitorState.END_TOLD, true));
  }

  /**
   * Write down how it ended.
   *
   * @param status the stack's last status; empty where it is not known
   * @param reason one line
   */
  public void finished(MonitorOutcome outcome, String status, String reason) {
    store.change(
        request.correlationId(),
        known ->
            known
                .with(MonitorState.FINISHED_AT, time.now())
                .with(MonitorState.OUTCOME, outcome.name())
                .with("stack_status", status)
                .with(MonitorState.REASON, reason));
  }

  /** Write down that somebody told it to stop. */
  public void stopped() {
    store.change(request.correlationId(), known -> known.with(MonitorState.STOPPED_AT, time.now()));
  }

  private static List<String> sorted(Set<String> keys) {
    return keys.stream().sorted().toList();
  }
}
