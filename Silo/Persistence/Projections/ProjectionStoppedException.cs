namespace OrleansPayments.Silo.Persistence.Projections;

/// <summary>A projection met a row that it cannot apply. It is never skipped: the projection stops until it is corrected.</summary>
public sealed class ProjectionStoppedException : Exception
{
    public ProjectionStoppedException()
    {
    }

    public ProjectionStoppedException(string message)
        : base(message)
    {
    }

    public ProjectionStoppedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
