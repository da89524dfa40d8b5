using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors.Health;

namespace OrleansPayments.Grains.Tests.Connectors.Health;

/// <summary>Which changes of a circuit are recorded.</summary>
public sealed class CircuitDebounceTests
{
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly CircuitDebounce _debounce = new();
    private readonly List<CircuitEvent> _recorded = [];

    [Fact]
    public void An_opening_and_its_closing_are_recorded_as_they_happen()
    {
        Change(0, CircuitEventKind.Opened);
        Change(5, CircuitEventKind.Closed);
        Assert.Equal(["0 Opened 0", "5 Closed 0"], Told());
        Assert.Null(_debounce.DueAt);
    }

    [Fact]
    public void What_flaps_within_the_spacing_is_counted_into_the_next_opening()
    {
        for (var second = 0; second < 60; second += 10)
        {
            Change(second, CircuitEventKind.Opened);
            Change(second + 5, CircuitEventKind.Closed);
        }

        Change(60, CircuitEventKind.Opened);
        Change(65, CircuitEventKind.Closed);
        Assert.Equal(["0 Opened 0", "5 Closed 0", "60 Opened 5", "65 Closed 0"], Told());
    }

    [Fact]
    public void One_that_stays_open_is_recorded_when_the_spacing_is_over_with_the_moment_at_which_it_opened()
    {
        Change(0, CircuitEventKind.Opened);
        Change(5, CircuitEventKind.Closed);
        Change(10, CircuitEventKind.Opened);
        Change(15, CircuitEventKind.Closed);
        Change(20, CircuitEventKind.Opened);
        Assert.Equal(Start.AddSeconds(60), _debounce.DueAt);
        Due(59.999);
        Assert.Equal(2, _recorded.Count);
        Due(60);
        Change(70, CircuitEventKind.Closed);

        // Counted once: as itself, and not among those that were left out.
        Assert.Equal(["0 Opened 0", "5 Closed 0", "20 Opened 1", "70 Closed 0"], Told());
        Assert.Null(_debounce.DueAt);
    }

    [Fact]
    public void The_spacing_counts_from_the_last_recorded_opening_also_of_an_earlier_activation()
    {
        Assert.Null(_debounce.Take(Note(30, CircuitEventKind.Opened), CircuitEventKind.Opened, Start));
        Assert.Equal(Start.AddSeconds(60), _debounce.DueAt);
        Assert.NotNull(new CircuitDebounce().Take(Note(60, CircuitEventKind.Opened), CircuitEventKind.Opened, Start));
    }

    [Fact]
    public void A_closing_without_a_recorded_opening_is_not_recorded()
    {
        Assert.Null(_debounce.Take(Note(0, CircuitEventKind.Closed), null, null));
        Assert.Null(_debounce.Take(Note(0, CircuitEventKind.Closed), CircuitEventKind.Closed, Start));
    }

    [Theory]
    [InlineData(CircuitEventKind.Opened)]
    [InlineData(CircuitEventKind.Closed)]
    public void What_could_not_be_recorded_is_tried_again_after_the_spacing(CircuitEventKind kind)
    {
        if (kind == CircuitEventKind.Closed) Change(0, CircuitEventKind.Opened);
        var lost = _debounce.Take(Note(1, kind), Last, LastOpening)!;
        _debounce.Failed(lost, Spacing, Start.AddSeconds(1));
        Due(60.999);
        Assert.Equal(kind == CircuitEventKind.Closed ? 1 : 0, _recorded.Count);
        Due(61);
        Assert.Equal($"1 {kind} 0", Told()[^1]);
        Assert.Null(_debounce.DueAt);
    }

    [Fact]
    public void A_clock_that_was_set_back_does_not_silence_it()
    {
        Change(10_000, CircuitEventKind.Opened);
        Change(10_001, CircuitEventKind.Closed);
        Change(1, CircuitEventKind.Opened);
        Assert.Equal(3, _recorded.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void However_it_flaps_there_is_one_pair_a_spacing_and_every_opening_is_told_of_or_counted(int seed)
    {
        var random = new Random(seed);
        var (now, openings) = (0.0, 0);
        for (var step = 0; step < 2_000; step++)
        {
            now = Later(now + (random.NextDouble() * (random.Next(10) == 0 ? 200 : 8)));
            Change(now, CircuitEventKind.Opened);
            openings++;
            now = Later(now + (random.NextDouble() * (random.Next(10) == 0 ? 200 : 8)));
            Change(now, CircuitEventKind.Closed);
        }

        // The rest is told with one more.
        Change(now + 1_000, CircuitEventKind.Opened);
        openings++;
        var opened = _recorded.Where(happened => happened.Kind == CircuitEventKind.Opened).ToList();
        Assert.Equal(openings, opened.Count + opened.Sum(happened => happened.Flaps));
        Assert.All(opened.Zip(opened.Skip(1)), pair => Assert.NotEqual(pair.First.At, pair.Second.At));
        Assert.InRange(_recorded.Count, 100, (2 * now / Spacing.TotalSeconds) + 2);
        Assert.All(_recorded.Zip(_recorded.Skip(1)), pair => Assert.NotEqual(pair.First.Kind, pair.Second.Kind));

        // What is due comes before what happens later.
        double Later(double next)
        {
            if (_debounce.DueAt is { } due && due <= Start.AddSeconds(next)) Due(due);
            return next;
        }
    }

    private CircuitEventKind? Last => _recorded.Count > 0 ? _recorded[^1].Kind : null;

    private DateTimeOffset? LastOpening => _recorded.LastOrDefault(happened => happened.Kind == CircuitEventKind.Opened)?.At;

    private void Change(double second, CircuitEventKind kind) => Keep(_debounce.Take(Note(second, kind), Last, LastOpening));

    private void Due(double second) => Due(Start.AddSeconds(second));

    private void Due(DateTimeOffset now) => Keep(_debounce.Due(now));

    private void Keep(CircuitEvent? happened)
    {
        if (happened is null) return;
        _recorded.Add(happened);
        _debounce.Recorded(happened);
    }

    private string[] Told() => [.. _recorded.Select(happened => FormattableString.Invariant($"{(happened.At - Start).TotalSeconds} {happened.Kind} {happened.Flaps}"))];

    private static CircuitNote Note(double second, CircuitEventKind kind) =>
        new(kind, Start.AddSeconds(second), 5, 0.2, new TechnicalFailures(1, 2, 1), Spacing);
}
