using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Connectors.Health;

/// <summary>A connector's window, circuit and bulkhead. In memory only: a new activation begins healthy.</summary>
internal sealed class ConnectorHealth
{
    /// <summary>
    /// How much longer than the connector's own timeout a permit lives: in between, the payment records its attempt, and the longest call a grain makes is 30 s.
    /// </summary>
    public static readonly TimeSpan PermitMargin = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly Circuit _circuit;
    private readonly PermitsInFlight _inFlight;
    private ConnectorSettings _settings;
    private HealthWindow _window;
    private long _lastNumber;

    // Reports on earlier permits are of a time that the window was told to forget.
    private long _firstCounted;

    public ConnectorHealth(ConnectorSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _circuit = new Circuit(time);
        _inFlight = new PermitsInFlight(time);
        _window = NewWindow();
    }

    /// <summary>What the window held when the circuit last changed; of a closing, before it was forgotten.</summary>
    public CircuitEvidence Evidence { get; private set; } = CircuitEvidence.None;

    public CircuitState State => _circuit.State(_settings.Health);

    private int MaxInFlight => _settings.MaxInFlight ?? ConnectorSettings.DefaultMaxInFlight;

    /// <summary>Takes new settings; another length begins an empty window.</summary>
    public void Adopt(ConnectorSettings settings)
    {
        if (ReferenceEquals(settings, _settings)) return;
        var other = settings.Health.WindowSeconds != _settings.Health.WindowSeconds;
        _settings = settings;
        if (other) _window = NewWindow();
    }

    /// <summary>Gives a permit to charge, or the reason against it.</summary>
    /// <param name="permit">Its number, greater than every one before it, also of earlier activations as far as the clock has not been set back.</param>
    public PermitRefusal? Grant(out long permit)
    {
        permit = 0;
        _inFlight.Expire();
        if (!_circuit.Admits(_settings.Health)) return PermitRefusal.CircuitOpen;
        if (_inFlight.Count >= MaxInFlight) return PermitRefusal.BulkheadFull;

        permit = NextNumber();
        _circuit.Admit(permit);
        _inFlight.Give(permit, TimeSpan.FromMilliseconds(_settings.TimeoutMs) + PermitMargin);
        return null;
    }

    /// <summary>Takes what became of a permit. One that is not in flight (told before, expired, of an earlier activation) says nothing.</summary>
    public CircuitChange Report(ChargeReport report)
    {
        _inFlight.Expire();
        if (!_inFlight.GiveBack(report.Permit)) return CircuitChange.None;
        if (report.Permit < _firstCounted) return CircuitChange.None;

        if (report.Outcome != ChargeOutcome.Unused) _window.Report(report.Outcome, report.Duration);
        var change = _circuit.Report(report, _window, _settings.Health, _lastNumber + 1);
        if (change != CircuitChange.None) Evidence = new CircuitEvidence(_window.Calls, _window.SuccessRate, _window.Failures);
        if (change == CircuitChange.Closed)
        {
            _window.Clear();
            _firstCounted = _lastNumber + 1;
        }

        return change;
    }

    public ConnectorHealthView ToView(ConnectorName connector)
    {
        _inFlight.Expire();
        return new ConnectorHealthView(
            connector, NextNumber(), State, _window.Calls, _window.SuccessRate, _window.AuthorizationRate, _window.Failures, _window.Latency,
            _inFlight.Count, MaxInFlight, _circuit.OpenedAt, _circuit.RestsFor(_settings.Health), _settings.Status);
    }

    private HealthWindow NewWindow() => new(_time, TimeSpan.FromSeconds(_settings.Health.WindowSeconds));

    private long NextNumber() => _lastNumber = Math.Max(_lastNumber + 1, _time.GetUtcNow().UtcTicks);
}
