using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Health;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Tests.Connectors.Health;

/// <summary>When a connector may be charged: its circuit and its bulkhead, in virtual time.</summary>
public sealed class ConnectorHealthTests
{
    private static readonly ConnectorSettings Settings = new(
        Enabled: true, Priority: 1, TimeoutMs: 2_000, new ConnectorCapabilities(["card"], ["*"], ["*"]), [],
        new HealthSettings(WindowSeconds: 60, MinCalls: 5, OpenBelowSuccessRate: 0.5, OpenSeconds: 10), InquirySettings.Default, MerchantId: null, MaxInFlight: 8);

    private readonly VirtualTime _time = new();
    private readonly ConnectorHealth _health;

    public ConnectorHealthTests() => _health = new ConnectorHealth(Settings, _time);

    // A letter each: Approved, Declined, uNdecided, Refused, Unknown, not Sent.
    [Theory]
    [InlineData("", CircuitState.Closed)]
    [InlineData("UUUU", CircuitState.Closed)]
    [InlineData("UUUUU", CircuitState.Open)]
    [InlineData("SSSSS", CircuitState.Open)]
    [InlineData("RRRRR", CircuitState.Open)]
    [InlineData("USRUS", CircuitState.Open)]
    [InlineData("UUUUA", CircuitState.Open)]
    [InlineData("UUUAA", CircuitState.Open)]
    [InlineData("UUAAA", CircuitState.Closed)]
    [InlineData("AAAUUUU", CircuitState.Open)]
    [InlineData("AAAUUU", CircuitState.Closed)]
    [InlineData("DDDDDDDDDDDDDDDDDDDD", CircuitState.Closed)]
    [InlineData("NNNNNNNNNNNNNNNNNNNN", CircuitState.Closed)]
    [InlineData("DDDUUU", CircuitState.Closed)]
    [InlineData("NNNUUUU", CircuitState.Open)]
    public void It_opens_for_technical_failures_only_and_enough_of_them(string outcomes, CircuitState state)
    {
        foreach (var letter in outcomes) Charge(OutcomeOf(letter));
        Assert.Equal(state, _health.State);
    }

    [Fact]
    public void The_view_tells_the_status_as_it_is_set()
    {
        Assert.Equal(ConnectorStatus.Enabled, View.Status);
        _health.Adopt(Settings.In(ConnectorStatus.Draining));
        Assert.Equal(ConnectorStatus.Draining, View.Status);
    }

    [Fact]
    public void What_is_in_flight_counts_for_the_time_that_it_was_sent_with_whatever_is_set_since()
    {
        _health.Adopt(Settings with { TimeoutMs = 20_000 });
        Grant();
        _health.Adopt(Settings with { TimeoutMs = 100 });
        _time.Pass(49.999);
        Assert.Equal(1, View.InFlight);
        _time.Pass(0.001);
        Assert.Equal(0, View.InFlight);
    }

    [Fact]
    public void An_open_circuit_rests_then_lets_one_through_and_a_success_closes_it_with_nothing_counted()
    {
        Open();
        Assert.Equal(PermitRefusal.CircuitOpen, _health.Grant(out _));
        _time.Pass(9.999);
        Assert.Equal(PermitRefusal.CircuitOpen, _health.Grant(out _));
        Assert.Equal((CircuitState.Open, TimeSpan.FromMilliseconds(1)), (View.State, View.RestsFor));
        _time.Pass(0.001);
        Assert.Equal((CircuitState.HalfOpen, TimeSpan.Zero), (View.State, View.RestsFor));

        var trial = Grant();
        Assert.Equal(PermitRefusal.CircuitOpen, _health.Grant(out _));
        Assert.Equal(CircuitChange.Closed, Report(trial, ChargeOutcome.Declined));
        Assert.Equal((CircuitState.Closed, 0, null, null), (View.State, View.Calls, View.SuccessRate, View.OpenedAt));
        Grant();
    }

    [Theory]
    [InlineData(ChargeOutcome.Refused)]
    [InlineData(ChargeOutcome.Unknown)]
    [InlineData(ChargeOutcome.NotSent)]
    internal void A_trial_that_fails_opens_it_for_as_long_again(ChargeOutcome failure)
    {
        Open();
        var opened = View.OpenedAt;
        _time.Pass(10);
        Assert.Equal(CircuitChange.Reopened, Report(Grant(), failure));
        _time.Pass(9.999);
        Assert.Equal(PermitRefusal.CircuitOpen, _health.Grant(out _));
        Assert.Equal(opened, View.OpenedAt);
        _time.Pass(0.001);
        Grant();
    }

    [Fact]
    public void A_trial_that_is_lost_makes_room_for_another_after_the_interval_and_one_that_was_not_used_at_once()
    {
        Open();
        _time.Pass(10);
        Grant();
        _time.Pass(9.999);
        Assert.Equal(PermitRefusal.CircuitOpen, _health.Grant(out _));
        _time.Pass(0.001);
        var second = Grant();
        Assert.Equal(PermitRefusal.CircuitOpen, _health.Grant(out _));
        Assert.Equal(CircuitChange.None, Report(second, ChargeOutcome.Unused));
        Assert.Equal(CircuitState.HalfOpen, _health.State);
        Grant();
    }

    [Fact]
    public void What_was_in_flight_when_it_opened_neither_closes_it_nor_opens_it_again_later()
    {
        var (early, late) = (Grant(), Grant());
        Open();
        _time.Pass(10);
        Assert.Equal(CircuitChange.None, Report(early, ChargeOutcome.Approved));
        Assert.Equal(CircuitState.HalfOpen, _health.State);
        Assert.Equal(CircuitChange.Closed, Report(Grant(), ChargeOutcome.Approved));
        Assert.Equal(CircuitChange.None, Report(late, ChargeOutcome.Unknown));
        Assert.Equal(0, View.Calls);
    }

    [Fact]
    public void A_change_rests_on_what_the_window_held_also_when_it_forgets()
    {
        foreach (var outcome in (ChargeOutcome[])[ChargeOutcome.Approved, ChargeOutcome.Refused, ChargeOutcome.Unknown, ChargeOutcome.Unknown, ChargeOutcome.NotSent]) Charge(outcome);
        Assert.Equal(CircuitState.Open, _health.State);
        Assert.Equal(new CircuitEvidence(5, 0.2, new TechnicalFailures(1, 2, 1)), _health.Evidence);
        _time.Pass(10);
        Assert.Equal(CircuitChange.Closed, Report(Grant(), ChargeOutcome.Approved));
        Assert.Equal(new CircuitEvidence(6, 2 / 6.0, new TechnicalFailures(1, 2, 1)), _health.Evidence);
        Assert.Equal(0, View.Calls);
    }

    [Fact]
    public void Failures_that_the_window_has_forgotten_do_not_open_it()
    {
        for (var call = 0; call < 4; call++) Charge(ChargeOutcome.Unknown);
        _time.Pass(60);
        Charge(ChargeOutcome.Unknown);
        Assert.Equal((CircuitState.Closed, 1), (_health.State, View.Calls));
    }

    [Fact]
    public void So_many_are_in_flight_and_no_more_until_one_is_told_of_or_expires()
    {
        var permits = Enumerable.Range(0, 8).Select(_ => Grant()).ToList();
        Assert.Equal(PermitRefusal.BulkheadFull, _health.Grant(out _));
        Report(permits[3], ChargeOutcome.Approved);
        Assert.Equal(7, View.InFlight);
        Assert.Equal(CircuitChange.None, Report(permits[3], ChargeOutcome.Approved));
        Assert.Equal((7, 1), (View.InFlight, View.Calls));
        Grant();
        Assert.Equal(PermitRefusal.BulkheadFull, _health.Grant(out _));

        // The timeout and the margin.
        _time.Pass(31.999);
        Assert.Equal(PermitRefusal.BulkheadFull, _health.Grant(out _));
        _time.Pass(0.001);
        Assert.Equal(0, View.InFlight);
        Assert.Equal(CircuitChange.None, Report(permits[0], ChargeOutcome.Unknown));
        Assert.Equal(1, View.Calls);
    }

    [Fact]
    public void Without_a_limit_of_its_own_it_has_the_default()
    {
        _health.Adopt(Settings with { MaxInFlight = null });
        Assert.Equal(1_000, View.MaxInFlight);
    }

    [Fact]
    public void Numbers_grow_also_across_activations()
    {
        var first = Grant();
        var second = Grant();
        _time.Pass(0.001);
        Assert.Null(new ConnectorHealth(Settings, _time).Grant(out var next));
        Assert.True(first < second && second < next);
    }

    [Fact]
    public void Another_length_of_the_window_begins_a_new_one_and_other_settings_do_not()
    {
        Charge(ChargeOutcome.Approved);
        _health.Adopt(Settings with { Priority = 2 });
        Assert.Equal(1, View.Calls);
        _health.Adopt(Settings with { Health = Settings.Health with { WindowSeconds = 30 } });
        Assert.Equal(0, View.Calls);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Whatever_comes_it_keeps_its_limits(int seed)
    {
        var random = new Random(seed);
        var inFlight = new List<(long Permit, double At)>();
        var (now, lastTrial) = (0.0, double.MinValue);
        var (seen, granted) = (new HashSet<CircuitState>(), 0);
        for (var step = 0; step < 20_000; step++)
        {
            if (random.Next(3) == 0)
            {
                var passed = random.Next(8) / 4.0;
                now += passed;
                _time.Pass(passed);
            }

            inFlight.RemoveAll(permit => now - permit.At >= 32);
            var before = _health.State;
            seen.Add(before);
            if (random.Next(2) == 0)
            {
                var refusal = _health.Grant(out var permit);
                Assert.Equal(refusal is null, permit != 0);
                if (before == CircuitState.Open) Assert.Equal(PermitRefusal.CircuitOpen, refusal);
                if (before == CircuitState.Closed) Assert.Equal(inFlight.Count >= 8 ? PermitRefusal.BulkheadFull : null, refusal);
                if (refusal is not null) continue;

                if (before == CircuitState.HalfOpen) Assert.True(now - lastTrial >= 10);
                if (before == CircuitState.HalfOpen) lastTrial = now;
                inFlight.Add((permit, now));
                granted++;
            }
            else if (inFlight.Count > 0)
            {
                var index = random.Next(inFlight.Count);
                var outcome = (random.Next(4) == 0) ? ChargeOutcome.Approved : (ChargeOutcome)random.Next((int)ChargeOutcome.Unused);
                Report(inFlight[index].Permit, outcome);
                inFlight.RemoveAt(index);
                if (_health.State == CircuitState.Closed) lastTrial = double.MinValue;
            }

            Assert.Equal(inFlight.Count, View.InFlight);
        }

        Assert.Equal(3, seen.Count);
        Assert.InRange(granted, 1_000, 20_000);
    }

    [Fact]
    public void Answers_are_judged_by_whose_fault_they_are()
    {
        var money = Money.FromMinorUnits(1, Currency.Parse("USD"));
        static PaymentError Error(RetryAdvice advice) => new("code", "", null, advice);
        (ChargeResult Result, ChargeOutcome Outcome)[] table =
        [
            (new ChargeResult.Approved("r", money), ChargeOutcome.Approved),
            (new ChargeResult.Authorized("r", money), ChargeOutcome.Approved),
            (new ChargeResult.Declined(Error(RetryAdvice.RetryLater), null), ChargeOutcome.Declined),
            (new ChargeResult.ActionRequired("r", new NextAction(NextActionType.Redirect, "https://x.test")), ChargeOutcome.Undecided),
            (new ChargeResult.Pending("r"), ChargeOutcome.Undecided),
            (new ChargeResult.Rejected(Error(RetryAdvice.DoNotRetry)), ChargeOutcome.Undecided),
            (new ChargeResult.Rejected(Error(RetryAdvice.RetryLater)), ChargeOutcome.Refused),
            (new ChargeResult.Unknown("timeout"), ChargeOutcome.Unknown),
            (new ChargeResult.NotFound(), ChargeOutcome.Unknown),
            (new ChargeResult.NotSent("refused"), ChargeOutcome.NotSent),
        ];
        foreach (var (result, outcome) in table) Assert.Equal(outcome, ChargeOutcomes.Of(result));
    }

    private ConnectorHealthView View => _health.ToView(Samples.CardA);

    private static ChargeOutcome OutcomeOf(char letter) => letter switch
    {
        'A' => ChargeOutcome.Approved,
        'D' => ChargeOutcome.Declined,
        'N' => ChargeOutcome.Undecided,
        'R' => ChargeOutcome.Refused,
        'U' => ChargeOutcome.Unknown,
        _ => ChargeOutcome.NotSent,
    };

    private long Grant()
    {
        Assert.Null(_health.Grant(out var permit));
        return permit;
    }

    private CircuitChange Report(long permit, ChargeOutcome outcome) => _health.Report(new ChargeReport(permit, outcome, TimeSpan.FromMilliseconds(20)));

    // Refused ones stay out, as they do in life.
    private void Charge(ChargeOutcome outcome)
    {
        if (_health.Grant(out var permit) is null) Report(permit, outcome);
    }

    private void Open()
    {
        for (var call = 0; call < 5; call++) Charge(ChargeOutcome.Unknown);
        Assert.Equal(CircuitState.Open, _health.State);
    }
}
