using System.Collections.Immutable;
using OrleansPayments.Grains.Routing;
using OrleansPayments.Grains.Routing.Replay;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Routing.Replay;

/// <summary>A past decision taken again is the decision that would have been taken.</summary>
public sealed class RoutingReplayerTests
{
    private const int Worlds = 2_000;
    private const int PaymentsPerWorld = 5;

    [Fact]
    public void Under_its_own_policy_every_decision_stays_what_it_was()
    {
        var tally = new ReplayTally(RoutingReplayFigures.None);
        var routed = 0;
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = new PastWorld(seed);
            var (policy, connectors) = (world.Configuration(), world.Connectors());
            var replayer = new RoutingReplayer(policy, []);
            for (var payment = 0; payment < PaymentsPerWorld; payment++)
            {
                var request = world.Request();
                var decision = PastWorld.Decide(policy, request, connectors);
                if (world.Refused(decision) is { } refused) decision = decision.Without(refused, "circuit_open");
                var replayed = replayer.Replay(PastWorld.Stored(request, decision));
                Assert.Equal((null, decision.Chosen, decision.Chosen), (replayed.NotComparable, replayed.Before?.Connector, replayed.After?.Connector));
                Assert.Equal(replayed.Before, replayed.After);
                tally.Add(request.Amount, replayed);
                if (decision.Chosen is not null) routed++;
            }
        }

        var figures = tally.ToFigures();
        Assert.Equal((Worlds * PaymentsPerWorld, 0, 0), (figures.Decisions, figures.Changed, figures.NotComparable.Length));
        Assert.All(figures.Cells, cell => Assert.Equal((cell.From, cell.FeeBefore, cell.WeightedBefore, cell.ValueBefore), (cell.To, cell.FeeAfter, cell.WeightedAfter, cell.ValueAfter)));
        Assert.InRange(routed, Worlds * PaymentsPerWorld / 3, (Worlds * PaymentsPerWorld) - 1);
    }

    [Fact]
    public void Under_a_draft_it_is_what_the_draft_would_have_chosen_live()
    {
        var changed = 0;
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = new PastWorld(10_000 + seed);
            var (policy, draft, connectors) = (world.Configuration(), world.Configuration(), world.Connectors());
            ImmutableArray<DraftFees> fees = world.Next(3) > 0
                ? []
                :
                [
                    new("a", [Situation.Fee("card/*:90+7@..2026-02-01"), Situation.Fee("card/*:20+2@2026-02-01.."), Situation.Fee("card/USD:10+1")]),
                    new("c", []),
                ];
            var replayer = new RoutingReplayer(draft, fees);
            for (var payment = 0; payment < PaymentsPerWorld; payment++)
            {
                var request = world.Request();
                var decision = PastWorld.Decide(policy, request, connectors);
                var refused = world.Refused(decision);
                var live = PastWorld.Decide(draft, request, PastWorld.With(connectors, fees));
                if (refused is not null) (decision, live) = (decision.Without(refused, "at_capacity"), live.Without(refused, "at_capacity"));

                var replayed = replayer.Replay(PastWorld.Stored(request, decision));
                Assert.Null(replayed.NotComparable);
                Assert.Equal((decision.Chosen, live.Chosen), (replayed.Before?.Connector, replayed.After?.Connector));
                if (replayed.Before is { } before) Assert.Equal(decision.Candidates[0].Fee, before.Fee);
                if (replayed.After is { } after) Assert.Equal(live.Candidates[0].Fee, after.Fee);
                if (decision.Chosen != live.Chosen) changed++;
            }
        }

        Assert.InRange(changed, 2_000, Worlds * PaymentsPerWorld);
    }

    [Fact]
    public void What_an_old_decision_did_not_keep_is_never_guessed()
    {
        var (comparable, reasons) = (0, new SortedDictionary<string, int>(StringComparer.Ordinal));
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = new PastWorld(20_000 + seed);
            var (policy, draft, connectors) = (world.Configuration(), world.Configuration(), world.Connectors());
            var request = world.Request();
            var decision = PastWorld.Decide(policy, request, connectors);
            var live = PastWorld.Decide(draft, request, connectors);
            var replayed = new RoutingReplayer(draft, []).Replay(PastWorld.Stored(request, AsItWasKept(decision)));
            if (replayed.NotComparable is { } reason)
            {
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
                continue;
            }

            comparable++;
            Assert.Equal((decision.Chosen, live.Chosen), (replayed.Before?.Connector, replayed.After?.Connector));
        }

        Assert.True(comparable > Worlds / 3, $"{comparable}");
        Assert.Equal([ReplayReasons.PriorityNotStored, ReplayReasons.TermsNotStored], reasons.Keys);
        Assert.All(reasons.Values, count => Assert.True(count > 50, $"{count}"));
    }

    [Theory]
    [InlineData("priority", "a", "b:50 a:100", "b a=not_in_rule", "terms_not_stored")]
    [InlineData("split b=1", "", "b:50 a:100", "b a=not_in_rule", "b > b")]
    [InlineData("priority b", "", "b:50 a:100", "b a=not_in_rule", "b > b")]
    [InlineData("cost", "b", "b:50 a:100", "b a=not_in_rule", "b > b")]
    [InlineData("cost", "a", "b:50 a:100", "b a=not_in_rule", "terms_not_stored")]
    [InlineData("cost", "", "b:50 a:100", "b a=not_in_rule", "terms_not_stored")]
    [InlineData("cost", "", "b:50 a:100", "b a=circuit_open", "b > b")]
    [InlineData("priority", "", "b:50 a:50", "b a", "priority_not_stored")]
    [InlineData("priority a", "", "b:50 a:50", "b a", "b > a")]
    [InlineData("cost", "", "b:50 a:50", "b a", "priority_not_stored")]
    [InlineData("cost", "", "b:50 a:50 c:20", "b a c", "b > c")]
    [InlineData("cost", "", "c:20 b:50 a:50", "c b a", "c > c")]
    [InlineData("split z=1", "", "b:50", "b", "b > none")]
    [InlineData("split a=1", "", "", "a=circuit_open", "none > none")]
    public void An_old_decision_is_replayed_where_what_it_kept_decides(string draft, string preferred, string fees, string candidates, string expected)
    {
        var known = Situation.Words(fees, ' ').Select(one => one.Split(':')).ToDictionary(one => one[0], one => Situation.Number(one[1]), StringComparer.Ordinal);
        ImmutableArray<RoutingCandidate> kept =
        [
            .. Situation.Words(candidates, ' ').Select((text, at) => text.Split('=') switch
            {
                [var name, var reason] => new RoutingCandidate(name, false, reason, null),
                var only => new RoutingCandidate(only[0], true, null, at + 1, known[only[0]], 5, 5, 0.95),
            }),
        ];
        var request = Situation.Request(preferred.Length > 0 ? "pref=" + preferred : "");
        var replayed = new RoutingReplayer(Situation.Configuration(draft), []).Replay(new PastDecision(request, new RoutingDecision("dec_1", "rules", kept)));
        Assert.Equal(expected, replayed.NotComparable ?? $"{replayed.Before?.Connector ?? "none"} > {replayed.After?.Connector ?? "none"}");
    }

    [Fact]
    public void A_decision_that_kept_no_terms_of_its_own_choice_cannot_be_compared()
    {
        var decision = new RoutingDecision("dec_1", "priority", [new("a", true, null, 1), new("b", true, "later_in_order", 2)]);
        var replayed = new RoutingReplayer(Situation.Configuration("priority b"), []).Replay(new PastDecision(Situation.Request(""), decision));
        Assert.Equal(ReplayReasons.TermsNotStored, replayed.NotComparable);
    }

    [Fact]
    public void Terms_are_those_of_the_decision_and_only_fees_are_the_drafts()
    {
        // 1000: 2.9 % + 30 = 59, 3 of time, 5 of risk; under the draft 1 % = 10.
        var decision = Situation.Decide("cost", "1000", "a:fee=290+30,ms=300 b:fee=400+0,ms=0,ok=0.9");
        var same = new RoutingReplayer(Situation.Configuration("cost"), []).Replay(PastWorld.Stored(Situation.Request("meta=a:b"), decision));
        Assert.Equal(new ReplayedChoice("b", 40, 25, 864), same.After);
        Assert.Equal(same.Before, same.After);
        var draft = new RoutingReplayer(Situation.Configuration("cost 1/0/0"), [new("a", [Situation.Fee("card/*:100+0")])]).Replay(PastWorld.Stored(Situation.Request("meta=a:b"), decision));
        Assert.Equal(new ReplayedChoice("b", 40, 40, 864), draft.Before);
        Assert.Equal(new ReplayedChoice("a", 10, 10, 940.5m), draft.After);
    }

    // Of eligible ones the terms, of others nothing, and no priorities.
    private static RoutingDecision AsItWasKept(RoutingDecision decision) => decision with
    {
        Candidates = [.. decision.Candidates.Select(one => one.Eligible ? one with { Priority = null } : new RoutingCandidate(one.Connector, false, one.Reason, null))],
    };
}
