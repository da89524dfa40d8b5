namespace Orleans.Runtime;

/// <summary>A running grain timer. After <see cref="IDisposable.Dispose"/> in the grain's own turn no further tick starts.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets when the next tick is due and the period after it.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}
