using Orleans.CodeGeneration;

namespace Orleans.Runtime;

/// <summary>
/// The calls that wait for an answer, so that each can be given up in time. Calls with the same timeout expire in the order in which they began, so a list per
/// timeout, appended at its end and swept from its start, does what a timer wheel does with less. Each list is split into stripes by thread, so that callers do
/// not meet at one lock. An answered call leaves its list at once and keeps nothing alive.
/// </summary>
internal sealed class CallTimeouts
{
    // Two per processor make it unlikely that two running threads share one.
    private static readonly int StripeCount = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount * 2);

    private readonly TimeProvider _time;
    private readonly Action<TimeSpan> _onNewTimeout;
    private readonly Lock _growing = new();
    private TimeoutList[] _lists = [];
    private long _now;

    /// <param name="onNewTimeout">Told of every timeout met for the first time, so that the sweep runs often enough for it.</param>
    public CallTimeouts(TimeProvider time, TimeSpan defaultTimeout, Action<TimeSpan> onNewTimeout)
    {
        _time = time;
        _onNewTimeout = onNewTimeout;
        _now = time.GetTimestamp();
        Default = ListFor(defaultTimeout);
    }

    public TimeoutList Default { get; }

    /// <summary>The provider's timestamp at the last sweep; late by up to one sweep interval.</summary>
    public long CoarseNow => Volatile.Read(ref _now);

    /// <summary>Calls that wait for an answer now.</summary>
    public int PendingCount
    {
        get
        {
            var count = 0;
            foreach (var list in _lists)
                foreach (var stripe in list.Stripes)
                    count += stripe.Count;
            return count;
        }
    }

    /// <summary>Begins to watch a call. Before it is queued, so that its end cannot be missed.</summary>
    public void Track(GrainRequest request)
    {
        var list = request.Method.Timeout is { } own ? ListFor(own) : Default;
        var stripe = list.Stripes[Environment.CurrentManagedThreadId & (StripeCount - 1)];
        lock (stripe.Gate)
        {
            // The coarse clock is late, never early: with one sweep interval added, no call is given up before its time.
            request.Deadline = CoarseNow + list.Ticks + list.SlackTicks;
            stripe.Append(request);
        }
    }

    /// <summary>Ends the watch. Does nothing for a call that is not watched.</summary>
    public static void Untrack(GrainRequest request)
    {
        if (Volatile.Read(ref request.TimeoutStripe) is not { } stripe)
            return;
        lock (stripe.Gate)
        {
            if (request.TimeoutStripe is not null)
                stripe.Remove(request);
        }
    }

    /// <summary>Moves the coarse clock and gives up the calls whose time has come.</summary>
    /// <returns>How many were given up.</returns>
    public int Sweep()
    {
        Volatile.Write(ref _now, _time.GetTimestamp());
        var expired = 0;
        WaitGraph? waits = null;
        foreach (var list in _lists)
            foreach (var stripe in list.Stripes)
                while (stripe.TakeIfDue(CoarseNow) is { } request)
                {
                    // Drawn before the first is given up: calls that wait for each other are given up together.
                    waits ??= new WaitGraph([request, .. Pending(WaitGraph.MaxCalls)]);
                    request.TimeOut(list.Timeout, waits);
                    expired++;
                }

        return expired;
    }

    /// <summary>Calls that wait for an answer now, as many as the limit says at most.</summary>
    public List<GrainRequest> Pending(int limit)
    {
        var pending = new List<GrainRequest>();
        foreach (var list in _lists)
            foreach (var stripe in list.Stripes)
                stripe.CopyTo(pending, limit);
        return pending;
    }

    /// <summary>Gives up every call, at the end of a drain.</summary>
    public void FailAll(Func<Exception> reason)
    {
        foreach (var list in _lists)
            foreach (var stripe in list.Stripes)
                while (stripe.TakeIfDue(long.MaxValue) is { } request)
                    request.TryFail(reason());
    }

    private TimeoutList ListFor(TimeSpan timeout)
    {
        foreach (var list in _lists)
            if (list.Timeout == timeout)
                return list;

        lock (_growing)
        {
            foreach (var list in _lists)
                if (list.Timeout == timeout)
                    return list;
            var added = new TimeoutList(timeout, _time, StripeCount);
            _lists = [.. _lists, added];
            _onNewTimeout(timeout);
            return added;
        }
    }

    /// <summary>How often the sweep has to run so that a call with this timeout is given up soon after it.</summary>
    public static TimeSpan SweepInterval(TimeSpan timeout) =>
        TimeSpan.FromMilliseconds(Math.Clamp(timeout.TotalMilliseconds / 8, 10, 500));

    /// <summary>The calls that wait for the same time.</summary>
    internal sealed class TimeoutList
    {
        public TimeoutList(TimeSpan timeout, TimeProvider time, int stripes)
        {
            Timeout = timeout;
            Ticks = (long)(timeout.TotalSeconds * time.TimestampFrequency);
            SlackTicks = (long)(SweepInterval(timeout).TotalSeconds * time.TimestampFrequency);
            Stripes = new Stripe[stripes];
            for (var i = 0; i < stripes; i++)
                Stripes[i] = new Stripe();
        }

        public TimeSpan Timeout { get; }

        public long Ticks { get; }

        public long SlackTicks { get; }

        public Stripe[] Stripes { get; }
    }

    /// <summary>A doubly linked list of calls in order of their deadlines, guarded by its gate.</summary>
    internal sealed class Stripe
    {
        private GrainRequest? _first;
        private GrainRequest? _last;

        public Lock Gate { get; } = new();

        public int Count { get; private set; }

        public void Append(GrainRequest request)
        {
            request.TimeoutStripe = this;
            request.TimeoutPrevious = _last;
            if (_last is null)
                _first = request;
            else
                _last.TimeoutNext = request;
            _last = request;
            Count++;
        }

        public void Remove(GrainRequest request)
        {
            if (request.TimeoutPrevious is null)
                _first = request.TimeoutNext;
            else
                request.TimeoutPrevious.TimeoutNext = request.TimeoutNext;
            if (request.TimeoutNext is null)
                _last = request.TimeoutPrevious;
            else
                request.TimeoutNext.TimeoutPrevious = request.TimeoutPrevious;
            request.TimeoutPrevious = request.TimeoutNext = null;
            request.TimeoutStripe = null;
            Count--;
        }

        public void CopyTo(List<GrainRequest> calls, int limit)
        {
            lock (Gate)
                for (var request = _first; request is not null && calls.Count < limit; request = request.TimeoutNext)
                    calls.Add(request);
        }

        public GrainRequest? TakeIfDue(long now)
        {
            lock (Gate)
            {
                if (_first is not { } request || request.Deadline > now)
                    return null;
                Remove(request);
                return request;
            }
        }
    }
}
