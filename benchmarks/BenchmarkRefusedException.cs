namespace OrleansPayments.Benchmarks;

/// <summary>Figures from this machine would be wrong or cannot be had; the message says why.</summary>
internal sealed class BenchmarkRefusedException : Exception
{
    public BenchmarkRefusedException()
    {
    }

    public BenchmarkRefusedException(string message)
        : base(message)
    {
    }

    public BenchmarkRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
