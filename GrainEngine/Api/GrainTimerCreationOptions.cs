using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>How a grain timer ticks.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "Shape of Orleans' public API; nothing compares options.")]
public readonly struct GrainTimerCreationOptions()
{
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        : this()
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>Time until the first tick; zero is at once, <see cref="Timeout.InfiniteTimeSpan"/> never.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>Time from the end of one tick to the next; <see cref="Timeout.InfiniteTimeSpan"/> ticks once.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether a tick may run while a call is in flight. Default: no.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as use and so puts idle collection off. Default: no.</summary>
    public bool KeepAlive { get; init; }
}
