using Orleans.Runtime;

namespace OrleansPayments.Grains.Payments;

/// <summary>
/// The timer that asks after an open attempt: first after the connector's first pause, then twice as long each time, a minute at
/// most, and <see cref="MaxInquiries"/> times in all. The next activation of the payment begins again.
/// </summary>
internal sealed class InquirySchedule : IDisposable
{
    /// <summary>With the longest pause of a minute this is about three hours.</summary>
    public const int MaxInquiries = 180;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Func<Task<bool>> _inquire;
    private readonly IGrainTimer _timer;
    private TimeSpan _pause;
    private int _asked;

    /// <param name="inquire">Asks once, in a turn of the grain; answers true when there is nothing left to ask.</param>
    /// <param name="firstAfter">From now to the first question.</param>
    public InquirySchedule(IGrainBase grain, Func<Task<bool>> inquire, TimeSpan firstAfter)
    {
        _inquire = inquire;
        _pause = firstAfter;
        _timer = grain.RegisterGrainTimer(Ask, new GrainTimerCreationOptions(_pause, Timeout.InfiniteTimeSpan) { KeepAlive = true });
    }

    public void Dispose() => _timer.Dispose();

    private async Task Ask(CancellationToken cancellationToken)
    {
        _asked++;
        var answered = false;
        try
        {
            answered = await _inquire();
        }
        finally
        {
            if (!answered && _asked < MaxInquiries)
            {
                _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
                _timer.Change(_pause, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
