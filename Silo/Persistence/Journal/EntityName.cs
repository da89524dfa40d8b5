using System.Text;

namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>Which names the database can hold. Asked before a name joins a batch, because one that cannot be encoded breaks the connection for all.</summary>
internal static class EntityName
{
    private const int MaxLength = 200;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool IsStorable(string entity)
    {
        if (entity.Length is 0 or > MaxLength)
            return false;
        if (entity.Contains('\0', StringComparison.Ordinal))
            return false;
        if (Ascii.IsValid(entity))
            return true;
        try
        {
            return Strict.GetByteCount(entity) > 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
