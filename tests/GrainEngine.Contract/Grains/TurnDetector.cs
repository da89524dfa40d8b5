namespace OrleansPayments.GrainEngine.Contract.Grains;

/// <summary>Belongs to one activation and notices when two of its turns run at the same moment.</summary>
internal sealed class TurnDetector
{
    private int _inside;

    public bool Overlapped { get; private set; }

    /// <summary>Stays inside for a moment, without an await.</summary>
    public void Pass()
    {
        if (Interlocked.Increment(ref _inside) != 1)
            Overlapped = true;
        Thread.SpinWait(50);
        Interlocked.Decrement(ref _inside);
    }
}
