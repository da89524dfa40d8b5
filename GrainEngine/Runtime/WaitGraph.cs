using Orleans.CodeGeneration;

namespace Orleans.Runtime;

// Calls in a circle
// =================
// A grain that awaits a call which cannot start before the grain's own call has ended waits for itself: a → a, or a → b → a. Such a call is not refused when it
// is made, because the circle proves nothing then: the engine knows which activation sent a call and not which of its calls awaits the answer. A grain may
// call itself and await the answer never, or only after the present call has ended, and that is legal. So the call waits for as long as any other, and when its
// time is up, the exception says what it waited for.
//
// The graph is a picture of one moment, drawn from lists that other threads change meanwhile. What it says is a hint for people and decides nothing.

/// <summary>Which grain waits for which, by the calls that have no answer at one moment. A grain is one node even if it has several activations.</summary>
internal sealed class WaitGraph
{
    /// <summary>Calls looked at, at most; beyond them a cycle may be missed.</summary>
    public const int MaxCalls = 100_000;

    // Calls that one search follows, so that a thousand timeouts at once stay cheap.
    private const int MaxSteps = 1_000;

    private readonly Dictionary<GrainId, List<Wait>> _waits = [];

    /// <param name="pending">Calls without an answer. Those from outside grains are left out: nobody waits for their senders.</param>
    public WaitGraph(IEnumerable<GrainRequest> pending)
    {
        foreach (var request in pending)
        {
            if (Volatile.Read(ref request.Sender) is not { } sender || request.Callee is not { } callee)
                continue;
            if (!_waits.TryGetValue(sender.GrainId, out var waits))
                _waits.Add(sender.GrainId, waits = []);
            waits.Add(new(callee.GrainId, CannotStart(request)));
        }
    }

    /// <summary>The shortest cycle that the call is part of and in which a call cannot start; null when there is none, or it is too far to see.</summary>
    public CallCycle? CycleOf(GrainRequest request) =>
        Volatile.Read(ref request.Sender) is { } sender
        && request.Callee is { } callee
        && Path(callee.GrainId, sender.GrainId, CannotStart(request)) is { } path
        && CallCycle.TryClose([sender.GrainId, .. path]) is { } cycle
            ? cycle
            : null;

    /// <summary>The shortest cycle that the call's grain is part of, though the call may not be.</summary>
    public CallCycle? CycleOfCallee(GrainRequest request) =>
        request.Callee is { GrainId: var grain } && Path(grain, grain, stuck: false) is { } path ? CallCycle.TryClose(path) : null;

    // A request has a target from its start on. One that was pushed a moment ago has none either, so its grain is asked, too.
    internal static bool CannotStart(GrainRequest request) =>
        Volatile.Read(ref request.Target) is null && request.Callee is { } callee && (callee.Target is not { } target || target.LooksClosedTo(request));

    /// <summary>The shortest way along the waits, both ends included, on which some call cannot start. Breadth first.</summary>
    /// <param name="stuck">Whether the call that led to the first grain cannot start itself.</param>
    private List<GrainId>? Path(GrainId from, GrainId to, bool stuck)
    {
        var first = new Step(from, stuck, null);
        var seen = new HashSet<(GrainId, bool)> { (from, stuck) };
        var steps = new Queue<Step>([first]);
        for (var followed = 0; steps.TryDequeue(out var step);)
        {
            if (step.Stuck && step.Grain == to)
                return step.Way();
            if (!_waits.TryGetValue(step.Grain, out var waits))
                continue;
            foreach (var wait in waits)
            {
                if (followed++ == MaxSteps)
                    return null;
                var next = new Step(wait.Callee, step.Stuck || wait.CannotStart, step);
                if (seen.Add((next.Grain, next.Stuck)))
                    steps.Enqueue(next);
            }
        }

        return null;
    }

    private readonly record struct Wait(GrainId Callee, bool CannotStart);

    private sealed record Step(GrainId Grain, bool Stuck, Step? Previous)
    {
        public List<GrainId> Way()
        {
            var way = new List<GrainId>();
            for (var step = this; step is not null; step = step.Previous)
                way.Add(step.Grain);
            way.Reverse();
            return way;
        }
    }
}
