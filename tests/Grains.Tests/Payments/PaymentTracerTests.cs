using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Payments;

public sealed class PaymentTracerTests
{
    private static readonly ProviderExchange Exchange = new(
        12,
        ImmutableSortedDictionary<string, string>.Empty.Add("path", "/v1/payment_intents").Add("card", "424242******4242"),
        ImmutableSortedDictionary<string, string>.Empty.Add("http_status", "200"));

    [Fact]
    public void The_traces_are_the_journal_event_by_event()
    {
        var traces = Trace(
            PaymentMachine.Open(Samples.Command(), Samples.Decision(), Samples.CardA, returnUrl: null),
            [new AttemptOutcomeUnknown(1, "timeout", null), new CallerAnswered()],
            [new AttemptApproved(1, "pi_1", Samples.Amount) { Exchange = Exchange }]);
        Assert.Equal(
            [
                (1, "payment.created", PaymentStatus.Created, null), (2, "payment.route_chosen", PaymentStatus.Created, null),
                (3, "attempt.started", PaymentStatus.Processing, 1), (4, "attempt.outcome_unknown", PaymentStatus.Processing, 1),
                (5, "payment.caller_answered", PaymentStatus.Processing, 1), (6, "attempt.approved", PaymentStatus.Captured, 1),
            ],
            traces.Select(trace => (trace.Sequence, trace.Event, trace.Status, trace.Attempt)));
        Assert.Equal([1, 1, 1, 2, 2, 3], traces.Select(trace => (int)trace.At.ToUnixTimeSeconds()));
        Assert.Equal("card-a", traces[1].Request!["chosen"]);
        Assert.Equal("timeout", traces[3].ErrorCode);
        Assert.Equal((12, "424242******4242", "200"), (traces[5].DurationMs, traces[5].Request!["card"], traces[5].Response!["http_status"]));
    }

    [Fact]
    public void Connectors_that_gave_no_leave_are_named_with_the_reason_and_others_are_not()
    {
        var decision = new RoutingDecision("dec_1", "priority", [
            new RoutingCandidate("card-d", true, null, 1), new RoutingCandidate("card-e", true, "lower_priority", 2),
            new RoutingCandidate("card-a", false, "circuit_open", null), new RoutingCandidate("card-b", false, "bulkhead_full", null),
            new RoutingCandidate("card-c", false, "currency_not_supported", null)]);
        Assert.Equal("card-a circuit_open, card-b bulkhead_full", SkippedIn(decision));
        Assert.Null(SkippedIn(Samples.Decision()));
    }

    [Fact]
    public void However_many_gave_no_leave_so_many_are_named()
    {
        var names = Enumerable.Range(10, PaymentTracer.MaxSkipped + 3).Select(n => new RoutingCandidate($"card-{n}", false, "circuit_open", null));
        var skipped = SkippedIn(new RoutingDecision("dec_1", "priority", [new RoutingCandidate("a", true, null, 1), .. names]))!;
        Assert.EndsWith("card-29 circuit_open and 3 more", skipped, StringComparison.Ordinal);
        Assert.Equal(PaymentTracer.MaxSkipped, skipped.Split(", ").Length);
    }

    [Fact]
    public void The_route_to_the_next_attempt_is_not_told_of_the_one_before()
    {
        var passedOn = new AttemptPassedOn(1, "not_sent", PaymentErrors.ConnectorUnreachable, null);
        var traces = Trace(
            PaymentMachine.Open(Samples.Command(), Samples.Decision(), Samples.CardA, returnUrl: null),
            [passedOn, new RouteChosen(Samples.Decision()), new AttemptStarted(2, ConnectorName.Parse("card-b"))]);
        Assert.Equal(
            [("attempt.passed_on", 1, "card-a"), ("payment.route_chosen", null, null), ("attempt.started", 2, "card-b")],
            traces[^3..].Select(trace => (trace.Event, trace.Attempt, trace.Connector)));
    }

    private static string? SkippedIn(RoutingDecision decision) => Trace(PaymentMachine.Open(Samples.Command(), decision, Samples.CardA, returnUrl: null))
        .Single(trace => trace.Event == "payment.route_chosen").Request!.GetValueOrDefault("skipped");

    [Fact]
    public void Who_resolved_it_and_why_is_told()
    {
        var traces = Trace(
            PaymentMachine.Open(Samples.Command(), Samples.Decision(), Samples.CardA, returnUrl: null),
            [new WorkItemOpened("outcome_unknown")],
            [new WorkItemResolved(PaymentResolution.NotCaptured, "Looked it up.", "ann", null, null)]);
        Assert.Equal(("not_captured", "Looked it up.", "ann"), (traces[^1].Request!["resolution"], traces[^1].Request!["reason"], traces[^1].Request!["resolved_by"]));
    }

    [Fact]
    public void Every_kind_of_event_has_a_name()
    {
        var kinds = typeof(PaymentEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(PaymentEvent))).ToList();
        var named = typeof(PaymentEvent).GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonDerivedTypeAttribute), inherit: false)
            .Cast<System.Text.Json.Serialization.JsonDerivedTypeAttribute>().Select(row => row.DerivedType).ToHashSet();
        Assert.All(kinds, kind => Assert.Contains(kind, named));
    }

    private static ImmutableArray<PaymentTrace> Trace(params PaymentEvent[][] versions) => PaymentTracer.Trace(
        Samples.Id,
        [.. versions.Select((events, index) => new JournalEntry(
            index + 1, DateTimeOffset.UnixEpoch.AddSeconds(index + 1), JsonSerializer.SerializeToUtf8Bytes(events, PaymentJson.Default.PaymentEventArray)))]).Traces;
}
