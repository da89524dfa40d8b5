namespace OrleansPayments.Silo.Sweeping;

/// <summary>How payments that are not at an end are woken.</summary>
public sealed class SweeperOptions
{
    /// <summary>From one look to the next. 1 second to 1 hour; default: 30 s. The first look is at the start.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What has been due for less is left alone: a payment that was sent just now is in memory. 1 second to 1 hour; default: 10 s.
    /// </summary>
    public TimeSpan MinAge { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How far back a look goes, except those that go back to the beginning. 1 minute to 7 days; default: 1 hour.</summary>
    public TimeSpan Recent { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Every so many looks, the first included, goes back to the beginning. 1 to 10 000; default: 30.</summary>
    public int FullEvery { get; set; } = 30;

    /// <summary>Payments woken at a time, with a second between such pages, so that a crash is not followed by a storm at the providers. 1 to 10 000; default: 200.</summary>
    public int PageSize { get; set; } = 200;

    /// <exception cref="InvalidOperationException">A value is out of its range; the message names it.</exception>
    public void ThrowIfInvalid()
    {
        Require(Interval >= TimeSpan.FromSeconds(1) && Interval <= TimeSpan.FromHours(1), "Sweeper:Interval must be from 00:00:01 to 01:00:00.");
        Require(MinAge >= TimeSpan.FromSeconds(1) && MinAge <= TimeSpan.FromHours(1), "Sweeper:MinAge must be from 00:00:01 to 01:00:00.");
        Require(Recent >= TimeSpan.FromMinutes(1) && Recent <= TimeSpan.FromDays(7), "Sweeper:Recent must be from 00:01:00 to 7.00:00:00.");
        Require(FullEvery is >= 1 and <= 10_000, "Sweeper:FullEvery must be from 1 to 10000.");
        Require(PageSize is >= 1 and <= 10_000, "Sweeper:PageSize must be from 1 to 10000.");
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw new InvalidOperationException(rule);
    }
}
