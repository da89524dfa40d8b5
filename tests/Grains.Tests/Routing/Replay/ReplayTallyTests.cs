using System.Text.Json;
using OrleansPayments.Grains.Routing.Replay;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Routing.Replay;

/// <summary>Sums that do not depend on where they were interrupted.</summary>
public sealed class ReplayTallyTests
{
    private static readonly Currency Jpy = Currency.Parse("JPY");

    [Fact]
    public void Sums_are_kept_apart_by_currency_and_connectors()
    {
        var tally = new ReplayTally(RoutingReplayFigures.None);
        tally.Add(Samples.Usd(1000), Moved(("a", 59, 36.8m, 893.95m), ("b", 25, 17m, 926.25m)));
        tally.Add(Samples.Usd(500), Moved(("a", 45, 28m, 432m), ("b", 18, 11.0001m, 458m)));
        tally.Add(Samples.Usd(100), Moved(("a", 33, 20m, 63m), ("a", 33, 20m, 63m)));
        tally.Add(Money.FromMinorUnits(7, Jpy), Moved(("a", 1, 1m, 5m), null));
        tally.Add(Money.FromMinorUnits(8, Jpy), Moved(null, null));
        tally.Add(Samples.Usd(1), ReplayedDecision.NotComparableBecause("x"));
        tally.Add(Samples.Usd(1), ReplayedDecision.NotComparableBecause("x"));
        var figures = tally.ToFigures();
        Assert.Equal((5, 3, 7), (figures.Decisions, figures.Changed, tally.Seen));
        Assert.Equal(new RoutingReplayCount("x", 2), Assert.Single(figures.NotComparable));
        Assert.Equal<RoutingReplayCell>(
            [
                new("JPY", null, null, 1, 8, 0, 0, 0, 0, 0, 0), new("JPY", "a", null, 1, 7, 1, 0, 1, 0, 5, 0), new("USD", "a", "a", 1, 100, 33, 33, 20, 20, 63, 63),
                new("USD", "a", "b", 2, 1500, 104, 43, 64.8m, 28.0001m, 1325.95m, 1384.25m),
            ],
            figures.Cells);
    }

    [Fact]
    public void Interrupted_anywhere_the_sums_are_the_same_to_the_last_digit()
    {
        var whole = new ReplayTally(RoutingReplayFigures.None);
        var broken = new ReplayTally(RoutingReplayFigures.None);
        var random = new Random(5);
        for (var seed = 0; seed < 500; seed++)
        {
            var world = new PastWorld(seed);
            var request = world.Request();
            var past = new PastDecision(request, PastWorld.Decide(world.Configuration(), request, world.Connectors()));
            var replayed = new RoutingReplayer(world.Configuration(), []).Replay(past);
            whole.Add(request.Amount, replayed);
            broken.Add(request.Amount, replayed);
            if (random.Next(7) == 0) broken = new ReplayTally(Reread(broken.ToFigures()));
        }

        Assert.Equal(Json(whole.ToFigures()), Json(broken.ToFigures()));
        Assert.Equal(500, whole.Seen);
    }

    [Fact]
    public void However_many_pairs_there_are_so_many_are_told_apart_and_none_is_lost()
    {
        var tally = new ReplayTally(RoutingReplayFigures.None);
        for (var at = 0; at < ReplayTally.MaxCells + 500; at++) tally.Add(Samples.Usd(10), Moved(($"c{at}", 2, 2, 2), ("b", 1, 1, 1)));
        tally.Add(Samples.Usd(10), Moved(("new", 2, 2, 2), null));
        var figures = tally.ToFigures();
        Assert.Equal(ReplayTally.MaxCells + 2, figures.Cells.Length);
        Assert.Equal(ReplayTally.MaxCells + 501, figures.Cells.Sum(cell => cell.Decisions));
        Assert.Equal(500, figures.Cells.Single(cell => cell is { From: RoutingReplayCell.Others, To: RoutingReplayCell.Others }).Decisions);
        Assert.Equal(1, figures.Cells.Single(cell => cell is { From: RoutingReplayCell.Others, To: null }).Decisions);
    }

    [Fact]
    public void A_sum_that_does_not_fit_is_no_sum()
    {
        var tally = new ReplayTally(RoutingReplayFigures.None);
        tally.Add(Samples.Usd(long.MaxValue), Moved(null, null));
        Assert.Throws<OverflowException>(() => tally.Add(Samples.Usd(1), Moved(null, null)));
    }

    private static ReplayedDecision Moved((string, long, decimal, decimal)? before, (string, long, decimal, decimal)? after)
    {
        return new ReplayedDecision(null, Choice(before), Choice(after));

        static ReplayedChoice? Choice((string Name, long Fee, decimal Weighted, decimal Value)? one) =>
            one is { } choice ? new ReplayedChoice(choice.Name, choice.Fee, choice.Weighted, choice.Value) : null;
    }

    private static string Json(RoutingReplayFigures figures) =>
        JsonSerializer.Serialize([new ReplaySucceeded(figures, 1)], RoutingReplayJson.Default.RoutingReplayEventArray);

    private static RoutingReplayFigures Reread(RoutingReplayFigures figures) =>
        Assert.IsType<ReplaySucceeded>(Assert.Single(JsonSerializer.Deserialize(Json(figures), RoutingReplayJson.Default.RoutingReplayEventArray)!)).Figures;
}
