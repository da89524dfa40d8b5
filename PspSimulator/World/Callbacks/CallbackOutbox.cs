using System.Diagnostics.CodeAnalysis;

namespace OrleansPayments.PspSimulator.World.Callbacks;

/// <summary>
/// The callbacks of one account. Those of one payment to one endpoint stand in a lane and leave one after the other, each tried until it
/// is acknowledged or given up; lanes do not wait for each other. Safe for concurrent use.
/// </summary>
internal sealed class CallbackOutbox(SimulatorOptions options, CallbackSender sender, RandomSource random)
{
    private const int MaxEndpoints = 16;

    // An early callback must not stand behind one that waits for the same answer.
    private const string EarlyLane = " early";

    private static readonly TimeSpan StaleAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly List<CallbackDelivery> _held = [];
    private readonly Dictionary<(string Endpoint, string Subject), Queue<CallbackDelivery>> _lanes = [];
    private readonly Dictionary<(string Endpoint, string Subject), List<CallbackDelivery>> _gathered = [];
    private readonly SegmentedRing<CallbackDelivery> _log = new(options.MaxCallbacksPerAccount);
    private volatile CallbackEndpoint[] _endpoints = [];
    private CallbackRule _rule = CallbackRule.Normal;
    private int _waiting;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<CallbackEndpoint> Endpoints => _endpoints;

    /// <summary>What becomes of the callbacks to come.</summary>
    public CallbackRule Rule
    {
        get
        {
            lock (_lock) return _rule;
        }

        set
        {
            lock (_lock) _rule = value;
        }
    }

    /// <summary>False if as many endpoints exist as may.</summary>
    public bool TryAdd(CallbackEndpoint endpoint)
    {
        lock (_lock)
        {
            if (_endpoints.Length == MaxEndpoints) return false;
            _endpoints = [.. _endpoints, endpoint];
            return true;
        }
    }

    /// <summary>Removes one endpoint, or all for null. What is on its way to it still arrives.</summary>
    public void Remove(string? id)
    {
        lock (_lock) _endpoints = [.. _endpoints.Where(endpoint => id is not null && endpoint.Id != id)];
    }

    /// <summary>Sends a message to the endpoints that want it, as the present rule says.</summary>
    public void Publish(CallbackMessage message, CallbackBatch batch)
    {
        lock (_lock)
        {
            var wanted = _endpoints.Where(endpoint => endpoint.Wants(message.Type)).ToArray();
            if (wanted.Length == 0) return;

            var mode = _rule.Fits(message.Type) ? _rule.Mode : CallbackMode.Normal;
            if (mode != CallbackMode.Normal) _rule = _rule.Used();
            foreach (var endpoint in wanted) Publish(message, endpoint, mode, batch);
        }
    }

    /// <summary>Lets go what is held, and returns how many that were.</summary>
    /// <param name="newestFirst">In the opposite of the order in which it came.</param>
    /// <param name="event">Only the deliveries of this event; null for all.</param>
    public int Release(bool newestFirst, string? @event)
    {
        lock (_lock)
        {
            var released = _held.Where(delivery => @event is null || delivery.Message.Event == @event).ToList();
            _held.RemoveAll(released.Contains);
            if (newestFirst) released.Reverse();
            foreach (var delivery in released) Enqueue(delivery);
            return released.Count;
        }
    }

    /// <summary>Sends an event again to every endpoint it was meant for; how many those are, 0 if it is not known (any more).</summary>
    /// <param name="age">How old the signature is.</param>
    /// <param name="genuine">False signs with another secret.</param>
    public int Replay(string @event, TimeSpan age, bool genuine)
    {
        lock (_lock)
        {
            var before = _log.Newest(int.MaxValue).Where(delivery => delivery.Message.Event == @event).DistinctBy(delivery => delivery.Endpoint.Id).ToArray();
            foreach (var delivery in before)
                Enqueue(Log(delivery.Message, delivery.Endpoint, CallbackMode.Normal, Task.CompletedTask, age, genuine));
            return before.Length;
        }
    }

    /// <summary>The newest deliveries, at most <paramref name="limit"/>, oldest first.</summary>
    public CallbackView[] Newest(int limit)
    {
        lock (_lock) return [.. _log.Newest(limit).Select(CallbackView.Of)];
    }

    private void Publish(CallbackMessage message, CallbackEndpoint endpoint, CallbackMode mode, CallbackBatch batch)
    {
        var gate = batch.Gate();
        var delivery = Log(
            message,
            endpoint,
            mode,
            mode is CallbackMode.Early or CallbackMode.Hold ? Task.CompletedTask : gate,
            mode == CallbackMode.Stale ? StaleAge : TimeSpan.Zero,
            genuine: mode != CallbackMode.Forge);
        switch (mode)
        {
            case CallbackMode.Drop:
                delivery.Become(CallbackState.Dropped);
                break;
            case CallbackMode.Hold when _held.Count + _waiting >= options.MaxCallbacksPerAccount:
                delivery.Become(CallbackState.Dropped);
                break;
            case CallbackMode.Hold:
                delivery.Become(CallbackState.Held);
                _held.Add(delivery);
                break;
            case CallbackMode.Reorder:
                Gather(delivery);
                break;
            case CallbackMode.Duplicate:
                Enqueue(delivery);
                Enqueue(Log(message, endpoint, mode, gate, TimeSpan.Zero, genuine: true));
                break;
            case CallbackMode.Early:
                Enqueue(delivery);
                batch.AddEarly(delivery.Ended);
                break;
            case CallbackMode.Normal or CallbackMode.Forge or CallbackMode.Stale:
            default:
                Enqueue(delivery);
                break;
        }
    }

    private CallbackDelivery Log(CallbackMessage message, CallbackEndpoint endpoint, CallbackMode mode, Task gate, TimeSpan age, bool genuine)
    {
        var delivery = new CallbackDelivery(random.NextId("dlv_"), message, endpoint, mode, options.Time.GetUtcNow(), gate) { Age = age, Genuine = genuine };
        _log.Add(delivery);
        return delivery;
    }

    private void Enqueue(CallbackDelivery delivery)
    {
        if (_waiting >= options.MaxCallbacksPerAccount)
        {
            delivery.Become(CallbackState.Dropped);
            return;
        }

        _waiting++;
        delivery.Become(CallbackState.Waiting);
        var subject = delivery.Mode == CallbackMode.Early ? delivery.Message.Subject + EarlyLane : delivery.Message.Subject;
        var key = (delivery.Endpoint.Id, subject);
        if (_lanes.TryGetValue(key, out var lane))
        {
            lane.Enqueue(delivery);
            return;
        }

        _lanes.Add(key, new Queue<CallbackDelivery>([delivery]));
        _ = RunLaneAsync(key);
    }

    private void Gather(CallbackDelivery delivery)
    {
        var key = (delivery.Endpoint.Id, delivery.Message.Subject);
        if (_gathered.TryGetValue(key, out var others))
        {
            others.Add(delivery);
            return;
        }

        _gathered.Add(key, [delivery]);
        _ = SendGatheredAsync(key);
    }

    private async Task SendGatheredAsync((string Endpoint, string Subject) key)
    {
        try
        {
            await Task.Delay(GatherTime, options.Time, sender.Stopping);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (_lock)
        {
            if (!_gathered.Remove(key, out var deliveries)) return;
            deliveries.Reverse();
            foreach (var delivery in deliveries) Enqueue(delivery);
        }
    }

    private async Task RunLaneAsync((string Endpoint, string Subject) key)
    {
        // The caller holds the lock, and nothing of the way of a callback belongs into it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (TryNext(key, out var delivery))
            {
                await delivery.Gate.WaitAsync(sender.Stopping);
                await DeliverAsync(delivery);
                lock (_lock) _waiting--;
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops, and what has not left by now never will.
        }
    }

    private bool TryNext((string Endpoint, string Subject) key, [NotNullWhen(true)] out CallbackDelivery? delivery)
    {
        lock (_lock)
        {
            if (_lanes[key].TryDequeue(out delivery)) return true;
            _lanes.Remove(key);
            return false;
        }
    }

    private async Task DeliverAsync(CallbackDelivery delivery)
    {
        while (true)
        {
            var status = await sender.TryAsync(delivery);
            TimeSpan? pause;
            lock (_lock)
            {
                delivery.Tried(status);
                if (status is >= 200 and < 300)
                {
                    delivery.Become(CallbackState.Delivered);
                    return;
                }

                pause = delivery.Retried ? sender.PauseAfter(delivery.Attempts) : null;
                if (pause is null)
                {
                    delivery.Become(CallbackState.Failed);
                    return;
                }
            }

            await Task.Delay(pause.Value, options.Time, sender.Stopping);
        }
    }
}
