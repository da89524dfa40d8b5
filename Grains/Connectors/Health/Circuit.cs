using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Connectors.Health;

/// <summary>
/// Keeps charges from a connector that fails. Closed: all go through; it opens when the window holds enough calls and too few technical successes. Open: none does, for
/// <see cref="HealthSettings.OpenSeconds"/>. Half-open: one does, and after as long without its report another; a technical success closes the circuit, a failure
/// opens it for as long again. What was let through before it opened changes nothing any more.
/// </summary>
internal sealed class Circuit(TimeProvider time)
{
    private bool _closed = true;

    // Timestamps of the monotonic clock.
    private long _restingSince;
    private long _triedAt;

    // The permit that tries it again; 0 for none.
    private long _trial;

    // Permits from this one on were given since it last opened; before it, in a state that is over.
    private long _firstTrial;

    /// <summary>Since when it is not closed; null while it is.</summary>
    public DateTimeOffset? OpenedAt { get; private set; }

    public CircuitState State(HealthSettings settings) =>
        _closed ? CircuitState.Closed : RestsFor(settings) > TimeSpan.Zero ? CircuitState.Open : CircuitState.HalfOpen;

    /// <summary>How long it stays open; zero unless it is.</summary>
    public TimeSpan RestsFor(HealthSettings settings)
    {
        if (_closed) return TimeSpan.Zero;
        var left = OpenTime(settings) - time.GetElapsedTime(_restingSince);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Whether one more charge may go through.</summary>
    public bool Admits(HealthSettings settings) => State(settings) switch
    {
        CircuitState.Closed => true,
        CircuitState.Open => false,
        _ => _trial == 0 || time.GetElapsedTime(_triedAt) >= OpenTime(settings),
    };

    /// <summary>A charge that it admits goes through.</summary>
    public void Admit(long permit)
    {
        if (_closed) return;
        _trial = permit;
        _triedAt = time.GetTimestamp();
    }

    /// <summary>Takes a report that the window has counted already.</summary>
    /// <param name="nextPermit">Greater than the number of every permit so far.</param>
    public CircuitChange Report(ChargeReport report, HealthWindow window, HealthSettings settings, long nextPermit)
    {
        if (_closed) return IsIll(window, settings) ? Open(nextPermit) : CircuitChange.None;
        if (report.Permit < _firstTrial) return CircuitChange.None;

        if (report.Permit == _trial) _trial = 0;
        if (report.Outcome == ChargeOutcome.Unused) return CircuitChange.None;
        if (report.Outcome.IsTechnicalSuccess()) return Close();
        _restingSince = time.GetTimestamp();
        return CircuitChange.Reopened;
    }

    private static bool IsIll(HealthWindow window, HealthSettings settings) =>
        window.Calls >= settings.MinCalls && window.SuccessRate < settings.OpenBelowSuccessRate;

    private static TimeSpan OpenTime(HealthSettings settings) => TimeSpan.FromSeconds(settings.OpenSeconds);

    private CircuitChange Open(long nextPermit)
    {
        _closed = false;
        _trial = 0;
        _firstTrial = nextPermit;
        _restingSince = time.GetTimestamp();
        OpenedAt = time.GetUtcNow();
        return CircuitChange.Opened;
    }

    private CircuitChange Close()
    {
        _closed = true;
        OpenedAt = null;
        return CircuitChange.Closed;
    }
}

/// <summary>What a report did to a circuit.</summary>
internal enum CircuitChange
{
    None,

    /// <summary>It was closed.</summary>
    Opened,

    /// <summary>The charge that tried it again failed.</summary>
    Reopened,

    Closed,
}
