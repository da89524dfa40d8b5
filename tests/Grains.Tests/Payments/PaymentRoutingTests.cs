using System.Text.Json;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Payments;

/// <summary>The decision about a route, as it is stored and found again.</summary>
public sealed class PaymentRoutingTests
{
    private const string Pinned =
        """[{"type":"payment.route_chosen","decision":{"decision_id":"dec_1","strategy":"rules","candidates":[{"connector":"a","eligible":true,"rank":1,"fee":59,"time":3,"risk":5.5,"success_rate":0.95,"cost":36.85},{"connector":"b","eligible":false,"reason":"disabled"}],"rule":2,"chosen":"a"}}]""";

    private static readonly RoutingDecision Explained = new(
        "dec_1", "rules", [new RoutingCandidate("a", true, null, 1, 59, 3, 5.5, 0.95, 36.85), new RoutingCandidate("b", false, "disabled", null)], 2);

    [Fact]
    public void The_terms_of_a_decision_are_stored_and_read_again()
    {
        Assert.Equal(Pinned, JsonSerializer.Serialize([new RouteChosen(Explained)], PaymentJson.Default.PaymentEventArray));
        var read = Assert.IsType<RouteChosen>(Assert.Single(JsonSerializer.Deserialize(Pinned, PaymentJson.Default.PaymentEventArray)!)).Decision;
        Assert.Equal(Explained.Candidates.ToArray(), read.Candidates.ToArray());
        Assert.Equal(("dec_1", "rules", 2, "a"), (read.DecisionId, read.Strategy, read.Rule, read.Chosen));
    }

    [Fact]
    public void The_last_decision_is_told_with_its_time()
    {
        var later = DateTimeOffset.UnixEpoch.AddMinutes(1);
        var entries = new[]
        {
            Entry(1, DateTimeOffset.UnixEpoch, new RouteChosen(Samples.Decision())),
            Entry(2, later, new RouteChosen(Explained), new CallerAnswered()),
            Entry(3, later.AddMinutes(1), new CallerAnswered()),
        };
        var routing = PaymentTracer.LastRoute(Samples.Id, entries);
        Assert.Equal(("rules", later), (routing.Decision!.Strategy, routing.DecidedAt));
    }

    [Fact]
    public void A_payment_that_asked_for_no_route_has_none() =>
        Assert.Equal(new PaymentRouting(null, null), PaymentTracer.LastRoute(Samples.Id, [Entry(1, DateTimeOffset.UnixEpoch, new PaymentExpired())]));

    private static JournalEntry Entry(int version, DateTimeOffset at, params PaymentEvent[] events) =>
        new(version, at, JsonSerializer.SerializeToUtf8Bytes(events, PaymentJson.Default.PaymentEventArray));
}
