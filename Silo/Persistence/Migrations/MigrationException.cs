namespace OrleansPayments.Silo.Persistence.Migrations;

/// <summary>The database's schema does not fit this release; the silo must not start on it.</summary>
public sealed class MigrationException : Exception
{
    public MigrationException()
    {
    }

    public MigrationException(string message)
        : base(message)
    {
    }

    public MigrationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
