using OrleansPayments.Connectors;
using OrleansPayments.Grains.Routing;
using OrleansPayments.Grains.Tests.Connectors.Health;

namespace OrleansPayments.Grains.Tests.Routing;

/// <summary>The connectors as decisions see them, whatever comes in whichever order.</summary>
public sealed class ConnectorDirectoryTests
{
    private readonly VirtualTime _time = new();
    private readonly ConnectorDirectory _directory;

    public ConnectorDirectoryTests() => _directory = new ConnectorDirectory(_time);

    [Theory]
    [InlineData("c a b")]
    [InlineData("a b c")]
    [InlineData("c b a")]
    public void They_stand_by_name_in_whichever_order_they_come(string arrivals)
    {
        foreach (var name in arrivals.Split(' ')) _directory.Keep(View(name));
        Assert.Equal(["a", "b", "c"], Names());
        foreach (var name in arrivals.Split(' ')) _directory.Keep(View(name, 2));
        Assert.Equal(["a", "b", "c"], Names());
        Assert.All(_directory.Connectors.ToArray(), one => Assert.Equal(2, one.View.Version));
    }

    [Fact]
    public void Names_are_in_ordinal_order()
    {
        foreach (var name in new[] { "a_1", "a1", "a-1", "0" }) _directory.Keep(View(name));
        Assert.Equal(["0", "a-1", "a1", "a_1"], Names());
    }

    [Fact]
    public void Only_a_newer_view_replaces_one()
    {
        _directory.Keep(View("a", 3, "p=3"));
        _directory.Keep(View("a", 2, "p=2"));
        Assert.Equal(3, One().Settings.Priority);
        _directory.Keep(View("a", 3, "p=9"));
        Assert.Equal(3, One().Settings.Priority);
        _directory.Keep(View("a", 4, "p=4"));
        Assert.Equal(4, One().Settings.Priority);
    }

    [Fact]
    public void Only_a_later_word_on_health_counts()
    {
        _directory.Keep(View("a"));
        _directory.Report(Health("a", 5) with { SuccessRate = 0.5, AuthorizationRate = 1 });
        _directory.Report(Health("a", 4) with { SuccessRate = 0.4, AuthorizationRate = 1 });
        Assert.Equal(0.5, One().Signals.SuccessRate);
        _directory.Report(Health("a", 5) with { SuccessRate = 0.9, AuthorizationRate = 1 });
        Assert.Equal(0.5, One().Signals.SuccessRate);
        _directory.Report(Health("a", 6) with { SuccessRate = 0.6, AuthorizationRate = 1 });
        Assert.Equal(0.6, One().Signals.SuccessRate);
    }

    [Fact]
    public void A_word_of_nobody_known_makes_no_connector_and_counts_for_none()
    {
        _directory.Report(Health("a", 9));
        Assert.Empty(Names());
        _directory.Keep(View("a"));
        Assert.Equal(RoutingSignals.Unknown, One().Signals);
    }

    [Fact]
    public void A_word_changes_only_whose_it_is()
    {
        foreach (var name in new[] { "a", "b", "c" }) _directory.Keep(View(name));
        _directory.Report(Health("b", 1) with { Latency = new LatencyView(70, 1, 2, 3) });
        Assert.Equal(["a 500", "b 70", "c 500"], _directory.Connectors.ToArray().Select(one => $"{one.Name} {one.Signals.LatencyMs}"));
    }

    [Theory]
    [InlineData(0.8, 0.5, 70.0, 0.4, 70)]
    [InlineData(0.8, null, 70.0, 0.76, 70)]
    [InlineData(null, 0.5, 70.0, 0.5, 70)]
    [InlineData(null, null, null, 0.95, 500)]
    public void Success_is_an_answer_and_an_approval(double? answered, double? approved, double? latency, double success, double latencyMs)
    {
        _directory.Keep(View("a"));
        _directory.Report(Health("a", 1) with
        {
            SuccessRate = answered,
            AuthorizationRate = approved,
            Latency = latency is { } average ? new LatencyView(average, 1, 2, 3) : null,
        });
        Assert.Equal(success, One().Signals.SuccessRate, 12);
        Assert.Equal(latencyMs, One().Signals.LatencyMs);
    }

    [Fact]
    public void A_few_calls_say_nothing_but_an_open_circuit_counts()
    {
        _directory.Keep(View("a"));
        _directory.Report(Health("a", 1) with { Calls = 19 });
        Assert.Equal(RoutingSignals.Unknown, One().Signals);
        _directory.Report(Resting("a", 2, 30) with { Calls = 19 });
        Assert.Equal(RoutingSignals.Unknown with { Available = false }, One().Signals);
        _directory.Report(Health("a", 3) with { Calls = 20 });
        Assert.Equal(0.4, One().Signals.SuccessRate, 12);
    }

    [Fact]
    public void One_that_rests_is_in_again_by_the_clock_though_it_says_no_more()
    {
        _directory.Keep(View("a"));
        _time.Pass(100);
        _directory.Report(Resting("a", 1, 30));
        Assert.False(One().Signals.Available);
        _time.Pass(29.9999);
        Assert.False(One().Signals.Available);
        _time.Pass(0.0001);
        Assert.True(One().Signals.Available);
    }

    [Fact]
    public void Each_rests_for_its_own_time()
    {
        foreach (var name in new[] { "a", "b", "c" }) _directory.Keep(View(name));
        _directory.Report(Resting("a", 1, 30));
        _directory.Report(Resting("b", 1, 10));
        _directory.Report(Resting("c", 1, 20));
        Assert.Equal("", Available());
        _time.Pass(10);
        Assert.Equal("b", Available());
        _time.Pass(10);
        Assert.Equal("bc", Available());
        _time.Pass(9);
        Assert.Equal("bc", Available());
        _time.Pass(1);
        Assert.Equal("abc", Available());
    }

    [Theory]
    [InlineData(CircuitState.Closed)]
    [InlineData(CircuitState.HalfOpen)]
    public void One_whose_circuit_is_not_open_any_more_is_in_at_once(CircuitState state)
    {
        _directory.Keep(View("a"));
        _directory.Report(Resting("a", 1, 30));
        _directory.Report(Health("a", 2) with { State = state, RestsFor = TimeSpan.FromSeconds(30) });
        Assert.True(One().Signals.Available);
    }

    [Fact]
    public void A_longer_rest_is_counted_from_when_it_was_told()
    {
        _directory.Keep(View("a"));
        _directory.Report(Resting("a", 1, 30));
        _time.Pass(20);
        _directory.Report(Resting("a", 2, 30));
        _time.Pass(29);
        Assert.False(One().Signals.Available);
        _time.Pass(1);
        Assert.True(One().Signals.Available);
    }

    [Fact]
    public void A_change_of_settings_keeps_what_is_known_of_its_health()
    {
        _directory.Keep(View("a"));
        _directory.Report(Resting("a", 1, 30));
        _directory.Keep(View("a", 2, "p=7"));
        Assert.Equal((7, false, 0.4), (One().Settings.Priority, One().Signals.Available, Math.Round(One().Signals.SuccessRate, 12)));
        _directory.Report(Health("a", 2));
        Assert.Equal((7, true), (One().Settings.Priority, One().Signals.Available));
    }

    private static ConnectorView View(string name, int version = 1, string facts = "") => Situation.Connector($"{name}:{facts}").View with { Version = version };

    // 0.4 in all, of calls enough.
    private static ConnectorHealthView Health(string name, long sequence) => new(
        ConnectorName.Parse(name), sequence, CircuitState.Closed, 20, 0.8, 0.5, new TechnicalFailures(0, 0, 0), null, 0, 1, null, TimeSpan.Zero);

    private static ConnectorHealthView Resting(string name, long sequence, double seconds) =>
        Health(name, sequence) with { State = CircuitState.Open, RestsFor = TimeSpan.FromSeconds(seconds) };

    private RoutableConnector One() => Assert.Single(_directory.Connectors.ToArray());

    private string[] Names() => [.. _directory.Connectors.ToArray().Select(one => one.Name)];

    private string Available() => string.Concat(_directory.Connectors.ToArray().Where(one => one.Signals.Available).Select(one => one.Name));
}
