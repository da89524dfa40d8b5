using System.Collections.Immutable;
using OrleansPayments.Grains.Shared.Failpoints;

namespace OrleansPayments.Silo.Hosting.Failpoints;

/// <summary>One point: what is armed there, and who waits there. Safe for concurrent use.</summary>
internal sealed class FailpointPlace(Failpoint point)
{
    /// <summary>The most flows that wait at one point; more pass.</summary>
    public const int MaxHeld = 100;

    private readonly Lock _gate = new();
    private readonly List<HeldFlow> _held = [];
    private TaskCompletionSource _release = NewRelease();
    private volatile FailpointArming? _armed;
    private int _reached;

    public bool IsArmed => _armed is not null;

    /// <summary>Takes the place of what was armed before; who waits already goes on waiting.</summary>
    public void Arm(FailpointArming arming)
    {
        lock (_gate)
        {
            _armed = arming;
            _reached = 0;
        }
    }

    /// <summary>Nobody is stopped here any more, and who waits goes on.</summary>
    public void Disarm()
    {
        lock (_gate)
        {
            _armed = null;
            _reached = 0;
            _release.SetResult();
            _release = NewRelease();
        }
    }

    /// <summary>Null when the flow may pass; else what it has to do, with a place among those that wait if that is to hold.</summary>
    public FailpointStop? Enter(string? operation, IEnumerable<string> entities)
    {
        lock (_gate)
        {
            if (_armed is not { } armed || !armed.Fits(operation, entities)) return null;
            if (_reached++ < armed.Skip || _held.Count >= MaxHeld) return null;

            var flow = new HeldFlow(operation, [.. entities]);
            if (armed.Action == FailpointAction.Hold) _held.Add(flow);
            return new FailpointStop(armed.Action, flow, _release.Task);
        }
    }

    public void Leave(HeldFlow flow)
    {
        lock (_gate) _held.Remove(flow);
    }

    public FailpointBody ToBody()
    {
        lock (_gate)
        {
            var armed = _armed is { } arming ? new ArmingBody(arming.Action, arming.Skip, arming.Operation, arming.Entity) : null;
            return new FailpointBody(FailpointNames.Of(point), armed, _reached, [.. _held]);
        }
    }

    private static TaskCompletionSource NewRelease() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Who waits: a call to a connector, or a batch of the journal, which has no operation.</summary>
internal sealed record HeldFlow(string? Operation, ImmutableArray<string> Entities);

/// <param name="Released">Ends when whoever holds may go on.</param>
internal sealed record FailpointStop(FailpointAction Action, HeldFlow Flow, Task Released);
