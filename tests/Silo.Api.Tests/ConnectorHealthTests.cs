using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>How a connector fares, as administrators read it.</summary>
public sealed class ConnectorHealthTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Path = "/api/v1/connectors/card-a/health";

    private static readonly ConnectorHealthView Healthy = new(
        ConnectorName.Parse("card-a"), Sequence: 1, CircuitState.Closed, Calls: 3, SuccessRate: 2.0 / 3, AuthorizationRate: 0.5, new TechnicalFailures(7, 8, 9),
        new LatencyView(10.04, 20.06, 30, 40), InFlight: 4, MaxInFlight: 1_000, OpenedAt: null, RestsFor: TimeSpan.Zero);

    private FakeConnector Connector => (FakeConnector)host.Engine.Grain<IConnectorGrain>("card-a");

    [Fact]
    public async Task It_is_shown_as_documented()
    {
        Connector.Health = Healthy;
        var answer = await host.GetAsync(Path);
        Assert.Equal(200, answer.Status);
        Assert.Equal(
            """{"connector":"card-a","status":"enabled","state":"closed","success_rate":0.6667,"authorization_rate":0.5,"calls":3,"failures":{"refused":7,"unknown":8,"not_sent":9},"latency_ms":{"average":10,"p50":20.1,"p95":30,"p99":40},"in_flight":4,"max_in_flight":1000,"opened_at":null,"events":[]}""",
            answer.Body);
    }

    [Theory]
    [InlineData(CircuitState.Closed, "closed")]
    [InlineData(CircuitState.Open, "open")]
    [InlineData(CircuitState.HalfOpen, "half_open")]
    public async Task Each_state_has_its_name(CircuitState state, string name)
    {
        Connector.Health = Healthy with { State = state };
        Assert.Equal(name, (await host.GetAsync(Path)).Json.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData(ConnectorStatus.Draining, "draining")]
    [InlineData(ConnectorStatus.Disabled, "disabled")]
    public async Task Each_status_has_its_name(ConnectorStatus status, string name)
    {
        Connector.Health = Healthy with { Status = status };
        Assert.Equal(name, (await host.GetAsync(Path)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Where_nothing_is_counted_there_are_no_rates()
    {
        Connector.Health = Healthy with { Calls = 0, SuccessRate = null, AuthorizationRate = null, Latency = null, OpenedAt = DateTimeOffset.UnixEpoch };
        var json = (await host.GetAsync(Path)).Json;
        foreach (var member in (string[])["success_rate", "authorization_rate", "latency_ms"]) Assert.Equal(JsonValueKind.Null, json.GetProperty(member).ValueKind);
        Assert.Equal(DateTimeOffset.UnixEpoch, json.GetProperty("opened_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task The_circuits_last_changes_are_shown_as_they_were_kept()
    {
        Connector.Health = Healthy;
        var log = (FakeCircuitLog)host.Engine.Grain<ICircuitLogGrain>("card-a");
        log.Events =
        [
            new CircuitEvent(CircuitEventKind.Closed, DateTimeOffset.UnixEpoch.AddMinutes(1), 1, 1, new TechnicalFailures(0, 0, 0), 0),
            new CircuitEvent(CircuitEventKind.Opened, DateTimeOffset.UnixEpoch, 6, 1.0 / 3, new TechnicalFailures(1, 2, 1), 5),
        ];
        var events = (await host.GetAsync(Path)).Json.GetProperty("events");
        log.Events = [];
        Assert.Equal(
            """[{"at":"1970-01-01T00:01:00.000000Z","event":"closed","calls":1,"success_rate":1,"failures":{"refused":0,"unknown":0,"not_sent":0},"flaps":0},{"at":"1970-01-01T00:00:00.000000Z","event":"opened","calls":6,"success_rate":0.3333,"failures":{"refused":1,"unknown":2,"not_sent":1},"flaps":5}]""",
            events.GetRawText());
    }

    [Fact]
    public async Task It_is_for_administrators_and_of_connectors_that_exist()
    {
        Connector.Health = Healthy;
        var (_, key) = await host.NewMerchantAsync();
        Assert.Equal(403, (await host.GetAsync(Path, key)).Status);
        Assert.Equal(404, (await host.GetAsync("/api/v1/connectors/nobody/health")).Status);
        Assert.Equal(404, (await host.GetAsync("/api/v1/connectors/NOT-A-NAME/health")).Status);
        Assert.Equal(400, (await host.GetAsync(Path + "?window=1")).Status);
    }
}
