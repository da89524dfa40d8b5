namespace OrleansPayments.Silo.Persistence;

/// <summary>For a transaction outside of the journal that somebody relies on.</summary>
internal static class Durability
{
    /// <summary>Makes the transaction's answer mean "on disk" even where the server's default does not.</summary>
    public const string Sql = "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') IN ('off', 'local')";
}
