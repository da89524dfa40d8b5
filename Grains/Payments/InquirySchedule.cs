using Orleans.Runtime;

namespace OrleansPayments.Grains.Payments;

/// <summary>
/// The timer by which a payment asks by itself: first after a pause, then after twice as long each time up to the longest pause, and once at a deadline where there
/// is one. It asks until it is disposed, which whoever asks does when there is nothing left to ask.
/// </summary>
internal sealed class InquirySchedule : IDisposable
{
    // Longer timers are not needed: one that fires before its deadline only asks once more.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);
    private static readonly TimeSpan ShortestTimer = TimeSpan.FromMilliseconds(10);

    private readonly Func<Task> _ask;
    private readonly TimeSpan _longestPause;
    private readonly Func<TimeSpan?> _untilDeadline;
    private readonly IGrainTimer? _timer;
    private TimeSpan _pause;
    private bool _disposed;

    /// <param name="ask">Asks once, in a turn of the grain.</param>
    /// <param name="firstPause">From now to the first question.</param>
    /// <param name="untilDeadline">From now to the deadline; null where there is none.</param>
    /// <param name="keepAlive">The grain stays in memory for it.</param>
    public InquirySchedule(IGrainBase grain, Func<Task> ask, TimeSpan firstPause, TimeSpan longestPause, Func<TimeSpan?> untilDeadline, bool keepAlive)
    {
        _ask = ask;
        _pause = firstPause;
        _longestPause = longestPause;
        _untilDeadline = untilDeadline;
        try
        {
            _timer = grain.RegisterGrainTimer(Ask, new GrainTimerCreationOptions(NextPause(), Timeout.InfiniteTimeSpan) { KeepAlive = keepAlive });
        }
        catch (InvalidOperationException)
        {
            // The activation is ending while a call still runs on it, whose outcome must not be lost for this; the next activation asks.
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _timer?.Dispose();
    }

    private async Task Ask(CancellationToken cancellationToken)
    {
        try
        {
            await _ask();
        }
        finally
        {
            if (!_disposed) AskAgain();
        }
    }

    private void AskAgain()
    {
        _pause = _pause * 2 < _longestPause ? _pause * 2 : _longestPause;
        try
        {
            _timer!.Change(NextPause(), Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The activation began to end while it asked, and took its timers back; the next one asks.
        }
    }

    private TimeSpan NextPause()
    {
        // Past the deadline the pauses go on: what was due then could not be done, and more haste does not help.
        var pause = _untilDeadline() is { } deadline && deadline > TimeSpan.Zero && deadline < _pause ? deadline : _pause;
        if (pause > LongestTimer) return LongestTimer;
        return pause > ShortestTimer ? pause : ShortestTimer;
    }
}
