namespace OrleansPayments.Silo.Hosting;

/// <summary>The bounds of grains on either engine.</summary>
internal static class GrainLimits
{
    /// <summary>Longer than the longest connector timeout (20 s) and the two journal writes around it.</summary>
    public static TimeSpan CallTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>A payment is asked for in the minutes after it was made, and seldom later: reading it again costs one batched look-up.</summary>
    public static TimeSpan CollectionAge { get; } = TimeSpan.FromMinutes(2);

    /// <summary>As long as a connector may take to answer what is in flight.</summary>
    public static TimeSpan DrainTimeout { get; } = TimeSpan.FromSeconds(22);

    /// <summary>For the whole stop: open requests, the drain, the journal and the private PostgreSQL.</summary>
    public static TimeSpan ShutdownTimeout { get; } = TimeSpan.FromSeconds(60);
}
