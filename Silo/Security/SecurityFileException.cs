namespace OrleansPayments.Silo.Security;

/// <summary>A configured secret or the file of one cannot be used; the message says what to do and never shows the secret.</summary>
public sealed class SecurityFileException : Exception
{
    public SecurityFileException()
        : this("A secret cannot be used.")
    {
    }

    public SecurityFileException(string message)
        : base(message)
    {
    }

    public SecurityFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
