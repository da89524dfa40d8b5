using System.Runtime.CompilerServices;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Routing;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Routing;

/// <summary>What a decision allocates in the grain: the answer, of which only the array of candidates grows with the connectors.</summary>
public sealed class RoutingAllocationTests
{
    private const int Decisions = 2_000;

    // The array that is rented to order them may be made anew once in a while, when memory is short. An object per candidate would be 24 bytes of each.
    private const int Slack = 64;

    // The decision, its id, the array's head and the task.
    private const int Fixed = 400;

    [Theory]
    [InlineData("priority")]
    [InlineData("priority c003,c001")]
    [InlineData("cost")]
    [InlineData("value")]
    [InlineData("split c001=5,c003=3,c005=2")]
    [InlineData("rules currency=JPY>c001|bin=51&meta=tier:gold>c001|meta=tier:silver>c002|meta=tier:gold>c003,c001 else cost")]
    [InlineData("rules currency=JPY>c001|meta=tier:silver>c002|meta=tier:gold>1/1/1")]
    [InlineData("rules currency=JPY>c001|meta=tier:silver>c002 else value")]
    public async Task A_candidate_costs_no_more_than_its_place_in_the_answer(string configuration)
    {
        var few = await BytesOf(configuration, 16);
        var many = await BytesOf(configuration, 128);
        var place = Unsafe.SizeOf<RoutingCandidate>();
        Assert.InRange(many - few, 0, ((128 - 16) * place) + Slack);
        Assert.InRange(few, 16 * place, (16 * place) + Fixed);
    }

    // Some are out in every way, and one of them rests.
    private static async Task<long> BytesOf(string configuration, int connectors)
    {
        var grain = new RoutingGrain(null!, null!, TimeProvider.System);
        string[] facts = ["p=2,fee=290+30", "off", "cur=EUR", "p=1,fee=250+0", "method=wallet", "for=theirs", "fee=100+25", "down"];
        for (var at = 0; at < connectors; at++)
        {
            var connector = Situation.Connector($"c{at:000}:{facts[at % facts.Length]}");
            await grain.Refresh(connector.View);
            await grain.ReportHealth(Health(connector));
        }

        var request = Situation.Request("meta=tier:gold");
        await grain.Configure(request.MerchantId, new MerchantRouting(Situation.Configuration(configuration), 1, null));
        return BytesPerDecision(grain, request);
    }

    private static long BytesPerDecision(RoutingGrain grain, RoutingRequest request)
    {
        for (var at = 0; at < Decisions; at++) Decide();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var at = 0; at < Decisions; at++) Decide();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Decisions;

        // A decision that had to wait would not be finished.
        void Decide() => Assert.True(grain.Choose(request).IsCompletedSuccessfully);
    }

    private static ConnectorHealthView Health(RoutableConnector connector) => new(
        connector.View.Name, 1, connector.Signals.Available ? CircuitState.Closed : CircuitState.Open, 100, 0.9, 0.9, new TechnicalFailures(0, 0, 0),
        new LatencyView(300, 300, 400, 500), 0, 1, null, TimeSpan.FromHours(1));
}
