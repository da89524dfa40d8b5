using Orleans.Simulation;

namespace OrleansPayments.Simulation.World;

/// <summary>The times at which a provider is down, and how.</summary>
internal sealed class Downtime
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly List<(TimeSpan From, TimeSpan To, DownMode Mode)> _times = [];

    public Downtime(SeededRandom random, FaultPlan faults)
    {
        for (var outage = 0; outage < faults.Outages; outage++)
        {
            var from = random.Between(TimeSpan.Zero, faults.QuietAfter);
            var to = from + random.Between(TimeSpan.FromSeconds(1), Longest);
            _times.Add((from, to < faults.QuietAfter ? to : faults.QuietAfter, random.Pick([DownMode.TakesNoConnection, DownMode.IsSilent, DownMode.AnswersErrors])));
        }
    }

    public DownMode At(TimeSpan now)
    {
        foreach (var (from, to, mode) in _times)
        {
            if (now >= from && now < to) return mode;
        }

        return DownMode.Up;
    }
}

/// <summary>How a provider is down.</summary>
internal enum DownMode
{
    Up,
    TakesNoConnection,
    IsSilent,
    AnswersErrors,
}
