namespace OrleansPayments.Silo.Persistence;

/// <summary>Where the data is.</summary>
/// <param name="ConnectionString">Of a PostgreSQL server (≥ 15); null or empty starts a private one.</param>
/// <param name="DataFolder">Holds the private cluster.</param>
public sealed record PersistenceOptions(string? ConnectionString, string DataFolder);
