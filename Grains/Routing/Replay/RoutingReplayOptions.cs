namespace OrleansPayments.Grains.Routing.Replay;

/// <summary>How replays of routing are run.</summary>
public sealed class RoutingReplayOptions
{
    /// <summary>Replays that run at once; 1 to 4, default: 1. Each keeps about one processor busy.</summary>
    public int MaxRunning { get; set; } = 1;

    /// <summary>Replays that may wait for their turn; more are refused. 0 to 100; default: 10.</summary>
    public int MaxQueued { get; set; } = 10;

    /// <summary>Entries of the journal that are gone through at a time. 1 to 100 000; default: 4 000.</summary>
    public int PageRows { get; set; } = 4_000;

    /// <summary>From one page to the next, so that payments are not kept waiting. 0 to 10 s; default: 1 ms.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>How often it is recorded how far a replay came: so much is done again after a crash. 10 ms to 5 minutes; default: 5 s.</summary>
    public TimeSpan RecordEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>So long without being able to read, and a replay has failed. 1 s to 1 day; default: 10 minutes.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <exception cref="InvalidOperationException">A value is out of its range; the message names it.</exception>
    public void ThrowIfInvalid()
    {
        Require(MaxRunning is >= 1 and <= 4, "RoutingReplay:MaxRunning must be from 1 to 4.");
        Require(MaxQueued is >= 0 and <= 100, "RoutingReplay:MaxQueued must be from 0 to 100.");
        Require(PageRows is >= 1 and <= 100_000, "RoutingReplay:PageRows must be from 1 to 100000.");
        Require(Pause >= TimeSpan.Zero && Pause <= TimeSpan.FromSeconds(10), "RoutingReplay:Pause must be from 00:00:00 to 00:00:10.");
        Require(RecordEvery >= TimeSpan.FromMilliseconds(10) && RecordEvery <= TimeSpan.FromMinutes(5), "RoutingReplay:RecordEvery must be from 00:00:00.010 to 00:05:00.");
        Require(GiveUpAfter >= TimeSpan.FromSeconds(1) && GiveUpAfter <= TimeSpan.FromDays(1), "RoutingReplay:GiveUpAfter must be from 00:00:01 to 1.00:00:00.");
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw new InvalidOperationException(rule);
    }
}
