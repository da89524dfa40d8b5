namespace OrleansPayments.Silo.Hosting.PrivatePostgres;

/// <summary>The private PostgreSQL cluster cannot be created, started or adopted; the message says what to do about it.</summary>
public sealed class PrivatePostgresException : Exception
{
    public PrivatePostgresException()
    {
    }

    public PrivatePostgresException(string message)
        : base(message)
    {
    }

    public PrivatePostgresException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
