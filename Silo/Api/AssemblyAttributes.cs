using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("OrleansPayments.Silo.Api.Tests")]
